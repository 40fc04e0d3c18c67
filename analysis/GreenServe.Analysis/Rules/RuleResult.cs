namespace GreenServe.Analysis.Rules;

/// <summary>Whether one record meets one rule.</summary>
/// <param name="Rule">Stable name of the rule in kebab-case, for example <c>duration</c>.</param>
/// <param name="Required">What the rule requires, with its number.</param>
/// <param name="Found">What the record has, with its number.</param>
/// <param name="Outcome">Whether what the record has meets the rule.</param>
public sealed record RuleResult(string Rule, string Required, string Found, RuleOutcome Outcome);

/// <summary>Whether a record meets a rule.</summary>
public enum RuleOutcome
{
    /// <summary>The record meets the rule.</summary>
    Met,

    /// <summary>The record does not meet the rule.</summary>
    NotMet,

    /// <summary>The record does not hold what it takes to test the rule.</summary>
    NotTested,
}
