// <meridian-article slug="…">: an article of the clinic, whole, with who says so; or the notice that it was withdrawn.
// It sets no cookie, sends none, and keeps what stands inside it where the clinic cannot be reached.
(() => {
  const API = "%API%", SITE = "%SITE%", ID = "%ID%";
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { display: block; overflow-wrap: anywhere }
    img { max-width: 100%; height: auto }
    h1 { font-size: 1.5em }
    table { border-collapse: collapse }
    th, td { padding: .25em .5em; border: 1px solid; text-align: left; vertical-align: top }
    [role=region] { overflow-x: auto }
    .care, .callout, [role=status] { padding: .5em 1em; border-left: .3em solid }
    .meridian-attribution { font-weight: bold }`);

  const ask = async (path) => {
    const query = new URLSearchParams({ documentId: ID, variables: JSON.stringify({ path }) });
    const answer = await fetch(`${API}/graphql?${query}`, { credentials: "omit", referrerPolicy: "no-referrer" });
    const { data } = await answer.json();
    if (!data) throw new Error("no answer");
    return data.route;
  };

  class MeridianArticle extends HTMLElement {
    static observedAttributes = ["slug"];
    #turn = 0;
    #box = document.createElement("div");

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      this.#box.append(document.createElement("slot"));
      root.append(this.#box);
      // The page's own address bar knows nothing of places inside the shadow.
      root.addEventListener("click", (event) => {
        const link = event.target.closest('a[href^="#"]');
        const place = link && root.getElementById(decodeURIComponent(link.hash.slice(1)));
        if (!place) return;
        event.preventDefault();
        place.tabIndex = -1;
        place.focus();
      });
    }

    connectedCallback() { this.load(); }
    attributeChangedCallback() { if (this.isConnected) this.load(); }

    async load() {
      const slug = this.getAttribute("slug"), turn = ++this.#turn;
      if (!slug) return;
      try {
        let route = await ask(`/articles/${slug}`);
        for (let hops = 0; hops < 3 && route?.__typename === "Moved" && route.path.startsWith("/"); hops++) {
          route = await ask(route.path);
        }
        if (turn === this.#turn) this.show(route);
      } catch {
        this.dispatchEvent(new Event("error"));
      }
    }

    show(route) {
      const kind = route?.__typename;
      if (kind === "Article" && route.syndication.html) {
        this.#box.innerHTML = route.syndication.html;
      } else if (kind === "Moved") {
        this.tell("This article has moved.", "", new URL(route.path, SITE));
      } else if (kind === "Withdrawn") {
        this.tell(`“${route.title}” was withdrawn.`, route.explanation, SITE);
      } else {
        this.tell(route?.legal ? "This article cannot be shown, for legal reasons." : "This article is not here any more.", route?.reason, SITE);
      }
      this.dispatchEvent(new Event("load"));
    }

    tell(words, why, address) {
      const notice = document.createElement("div"), link = document.createElement("a");
      notice.setAttribute("role", "status");
      for (const said of [words, why]) {
        if (said) notice.appendChild(document.createElement("p")).textContent = said;
      }
      link.href = address;
      link.textContent = new URL(address).host;
      notice.appendChild(document.createElement("p")).append(link);
      this.#box.replaceChildren(notice);
    }
  }

  if (!customElements.get("meridian-article")) customElements.define("meridian-article", MeridianArticle);
})();
