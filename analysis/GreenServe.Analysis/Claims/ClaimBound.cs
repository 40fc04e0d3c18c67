using GreenServe.Analysis.Formatting;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Claims;

/// <summary>Bound on the value of a claim. It is taken from the source and never from a result.</summary>
public sealed record ClaimBound : IChecked
{
    /// <summary>
    /// How the value must lie: below, at most, above or at least <see cref="Value"/>, or between <see cref="Low"/> and <see
    /// cref="High"/>.
    /// </summary>
    public required BoundRelation Relation { get; init; }

    /// <summary>The bound; <c>null</c> for <see cref="BoundRelation.Between"/>.</summary>
    public double? Value { get; init; }

    /// <summary>Lower bound of <see cref="BoundRelation.Between"/>.</summary>
    public double? Low { get; init; }

    /// <summary>Upper bound of <see cref="BoundRelation.Between"/>.</summary>
    public double? High { get; init; }

    /// <summary>Unit of the value; empty for a ratio or a count.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Whether a value keeps the bound.</summary>
    public bool Holds(double value) => Relation switch
    {
        BoundRelation.Below => value < Value,
        BoundRelation.AtMost => value <= Value,
        BoundRelation.Above => value > Value,
        BoundRelation.AtLeast => value >= Value,
        _ => value >= Low && value <= High,
    };

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        bool isRange = Relation == BoundRelation.Between;
        if (isRange && (Value is not null || Low is null || High is null || Low > High))
        {
            yield return new Problem("$", $"value {Value}, low {Low}, high {High}", "low and high, in this order, and no value");
        }
        else if (!isRange && (Value is null || Low is not null || High is not null))
        {
            yield return new Problem("$", $"value {Value}, low {Low}, high {High}", "a value, and neither low nor high");
        }
    }

    /// <summary>The bound in words, for example <c>at most 0.8</c>.</summary>
    public override string ToString()
    {
        string unit = Unit.Length > 0 ? $" {Unit}" : "";
        return Relation switch
        {
            BoundRelation.Below => $"below {Text(Value)}{unit}",
            BoundRelation.AtMost => $"at most {Text(Value)}{unit}",
            BoundRelation.Above => $"above {Text(Value)}{unit}",
            BoundRelation.AtLeast => $"at least {Text(Value)}{unit}",
            _ => $"{Text(Low)} to {Text(High)}{unit}",
        };
    }

    // A bound that Check has passed has the numbers of its relation.
    private static string Text(double? value) => value is { } number ? NumberText.Of(number) : "?";
}

/// <summary>How a value must lie to its bound.</summary>
public enum BoundRelation
{
    /// <summary>The value must be less than <c>value</c>.</summary>
    Below,

    /// <summary>The value must be at most <c>value</c>.</summary>
    AtMost,

    /// <summary>The value must be more than <c>value</c>.</summary>
    Above,

    /// <summary>The value must be at least <c>value</c>.</summary>
    AtLeast,

    /// <summary>The value must lie between <c>low</c> and <c>high</c>, both included.</summary>
    Between,
}
