namespace GreenServe.Analysis.Claims;

/// <summary>A query that cannot be answered.</summary>
/// <param name="message">Why, in one line.</param>
public sealed class ClaimQueryException(string message) : Exception(message);
