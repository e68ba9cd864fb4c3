// Dates are typed by the clock of this browser; without this they are read as UTC.
const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
document.getElementById("zone").value = timeZone;
document.getElementById("zone-name").textContent = timeZone;
