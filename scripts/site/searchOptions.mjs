/** What is searched in, what is kept, and how words count; the same when the index is made and when it is asked. */
export const searchOptions = {
  fields: ["title", "part", "text"],
  storeFields: ["title", "part", "to", "kind"],
  searchOptions: {boost: {title: 4, part: 3}, prefix: true, fuzzy: 0.15, combineWith: "AND"},
};
