// The API's page: Swagger UI, drawn from the schema. It tries calls out with the session of who reads.

import { csrfToken, find } from "./page.js";

const place = /** @type {HTMLElement} */ (find("[data-api-schema]"));

function scheme() {
  const chosen = document.documentElement.dataset.theme;
  const dark = chosen ? chosen === "night" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.classList.toggle("dark-mode", dark); // Swagger UI's own word for it
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", scheme);
document.addEventListener("theme:change", scheme);
scheme();

// Swagger UI's own layout brings a second heading and a second <main>: these are ours.
function calls({ React }) {
  const Calls = ({ getComponent }) =>
    React.createElement(
      "div",
      { className: "swagger-ui" },
      React.createElement(getComponent("SvgAssets")),
      React.createElement(getComponent("errors", true)),
      React.createElement(getComponent("AuthorizeBtnContainer", true)),
      React.createElement(getComponent("operations", true)),
    );
  return { components: { Calls } };
}

window.SwaggerUIBundle({
  url: place.dataset.apiSchema,
  domNode: place,
  layout: "Calls",
  plugins: [calls],
  requestInterceptor(request) {
    const token = csrfToken();
    if (token && request.method && request.method !== "GET") request.headers["X-CSRFToken"] = token;
    return request;
  },
});
