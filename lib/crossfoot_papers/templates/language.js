(function () {
  var asked = new URLSearchParams(location.search).get("lang") || navigator.language || "";
  document.documentElement.lang = /^zh/i.test(asked) ? "zh" : "en";
})();
