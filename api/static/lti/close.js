// The platform closes the window of a registration when it is told so (Dynamic Registration 1.0).
document.getElementById("close").addEventListener("click", () => {
  (window.opener || window.parent).postMessage({ subject: "org.imsglobal.lti.close" }, "*");
  window.close();
});
