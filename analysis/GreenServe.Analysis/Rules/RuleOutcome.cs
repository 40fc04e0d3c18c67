namespace GreenServe.Analysis.Rules;

/// <summary>Whether a record meets a rule.</summary>
public enum RuleOutcome
{
    /// <summary>It does.</summary>
    Met,

    /// <summary>It does not.</summary>
    NotMet,

    /// <summary>The record does not hold what it takes to tell.</summary>
    NotTested,
}
