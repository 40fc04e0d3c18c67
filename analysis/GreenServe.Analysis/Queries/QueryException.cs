namespace GreenServe.Analysis.Queries;

/// <summary>A query that cannot be answered.</summary>
/// <param name="message">Why, in one line.</param>
public sealed class QueryException(string message) : Exception(message);
