// A classic script in the head: it sets the theme before the first paint, and the CSP allows no inline script.
const theme = localStorage.getItem('theme')
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
