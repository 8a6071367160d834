import './panel.css';
import './bar.css';
import './tour.css';
import './source.css';
