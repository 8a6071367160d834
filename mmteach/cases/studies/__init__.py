"""Questions asked of many models at once: what helps, by how much, and could it be chance? A study, and its report."""
