using GreenServe.Analysis.Formatting;

namespace GreenServe.Analysis.Metrics;

/// <summary>A number of a run, or the reason why there is no number. A missing number is never 0.</summary>
/// <remarks>
/// Exactly one of <see cref="Value"/> and <see cref="NotMeasured"/> is set: readings come only from the factory methods, which see to it.
/// </remarks>
public sealed record Reading
{
    private Reading(double? value, string? notMeasured, double? errorBound)
    {
        Value = value;
        NotMeasured = notMeasured;
        ErrorBound = errorBound;
    }

    /// <summary>The number in the unit of its metric, always finite; <c>null</c> when it was not measured.</summary>
    public double? Value { get; }

    /// <summary>The reason why there is no number; <c>null</c> exactly when there is one.</summary>
    public string? NotMeasured { get; }

    /// <summary>Largest error of the measurement itself, in the unit of the number; <c>null</c> where no error bound is stated.</summary>
    public double? ErrorBound { get; }

    /// <summary>A reading with a number. A number that is not finite becomes a reading without one.</summary>
    /// <param name="value">The number in the unit of its metric.</param>
    /// <param name="errorBound">Largest error of the measurement, in the same unit; <c>null</c> if none is stated.</param>
    public static Reading Of(double value, double? errorBound = null) =>
        double.IsFinite(value) ? new(value, null, errorBound) : Missing("the value is not finite");

    /// <summary>A reading without a number.</summary>
    /// <param name="reason">Why there is none, in words for a user.</param>
    public static Reading Missing(string reason) => new(null, reason, null);

    /// <summary>A reading with the number if there is one, and otherwise with the reason.</summary>
    /// <param name="value">The number; <c>null</c> if there is none.</param>
    /// <param name="reason">Why there is none, in words for a user.</param>
    public static Reading From(double? value, string reason) => value is { } number ? Of(number) : Missing(reason);

    /// <summary>Divides the number and its error bound by a count or a length. A missing number stays missing.</summary>
    /// <param name="divisor">A positive number; 0 or less gives a reading without a number.</param>
    /// <param name="reason">What it means when the divisor is not positive.</param>
    public Reading DividedBy(double divisor, string reason) => Value switch
    {
        null => this,
        _ when divisor <= 0 => Missing(reason),
        { } value => Of(value / divisor, ErrorBound / divisor),
    };

    /// <summary>The number in words, or <c>not measured:</c> and the reason.</summary>
    public override string ToString() => Value is { } value ? NumberText.Of(value) : $"not measured: {NotMeasured}";
}
