// The form has all that the browser is to carry on.
document.getElementById("submit").requestSubmit();
