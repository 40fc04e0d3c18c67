using GreenServe.Analysis.Formatting;

namespace GreenServe.Analysis.Metrics;

/// <summary>One number of a run, or why there is none. Absent is never 0.</summary>
/// <param name="Value">The number, finite, in the unit of its metric; <c>null</c> when it was not measured.</param>
/// <param name="NotMeasured">Why there is no number; <c>null</c> exactly when there is one.</param>
/// <param name="ErrorBound">Largest error of the measurement itself, in the same unit; <c>null</c> where none is stated.</param>
public sealed record Reading(double? Value, string? NotMeasured, double? ErrorBound)
{
    /// <summary>A number. One that is not finite counts as not measured.</summary>
    public static Reading Of(double value, double? errorBound = null) =>
        double.IsFinite(value) ? new(value, null, errorBound) : Missing("the value is not finite");

    /// <summary>No number, and why.</summary>
    public static Reading Missing(string why) => new(null, why, null);

    /// <summary>A number where there is one, otherwise the reason.</summary>
    public static Reading From(double? value, string whyNot) => value is { } number ? Of(number) : Missing(whyNot);

    /// <summary>The same reading divided by a positive count or length; a divisor of 0 gives <paramref name="whyNot"/>.</summary>
    public Reading DividedBy(double divisor, string whyNot) => Value switch
    {
        null => this,
        _ when divisor <= 0 => Missing(whyNot),
        { } value => Of(value / divisor, ErrorBound / divisor),
    };

    /// <summary>The number, or <c>not measured: why</c>.</summary>
    public override string ToString() => Value is { } value ? NumberText.Of(value) : $"not measured: {NotMeasured}";
}
