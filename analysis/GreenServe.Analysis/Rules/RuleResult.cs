namespace GreenServe.Analysis.Rules;

/// <summary>One rule held against one record.</summary>
/// <param name="Rule">Stable name in kebab-case, for example <c>duration</c>.</param>
/// <param name="Required">What the rule wants, with its number.</param>
/// <param name="Found">What the record has, with its number.</param>
/// <param name="Outcome">Whether that is enough.</param>
public sealed record RuleResult(string Rule, string Required, string Found, RuleOutcome Outcome);
