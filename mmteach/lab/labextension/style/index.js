import './panel.css';
import './bar.css';
import './tour.css';
