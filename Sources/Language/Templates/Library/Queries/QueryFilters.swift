internal import Values

/// Filters that search in data by a query language.
enum QueryFilters {
  static let all = [
    LibraryFunction(
      "json_query", "expr",
      whole: { (call) throws(TemplateError) in
        guard let query = call.text("expr") else {
          throw TemplateError(.type, "a query of json_query is text")
        }
        try call.evaluator.session.step(by: query.utf8.count)
        return try JMESPathParser.parse(query).search(call.input)
      })
  ]
}
