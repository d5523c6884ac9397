// Starts the explorer: our examples as tabs on a first visit, a visitor's own tabs from then on.
(async () => {
  const answer = await fetch("/graphql/assets/examples.json");
  const examples = await answer.json();
  const fetcher = GraphiQL.createFetcher({ url: "/graphql" });
  const explorer = React.createElement(GraphiQL, {
    fetcher,
    defaultTabs: examples.map((query) => ({ query })),
    defaultEditorToolsVisibility: "variables",
    shouldPersistHeaders: false,
  });
  ReactDOM.createRoot(document.getElementById("graphiql")).render(explorer);
})();
