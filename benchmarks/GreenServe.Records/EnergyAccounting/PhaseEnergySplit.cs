using GreenServe.Records.Measurements;
using static GreenServe.Records.EnergyAccounting.EnergyWindow;

namespace GreenServe.Records.EnergyAccounting;

/// <summary>Energy of a window split into prefill, decode and the floor that is drawn in any case; or why it cannot be split.</summary>
public sealed record PhaseEnergySplit
{
    /// <summary>Fewest stretches that are fitted: three unknowns need more than a few.</summary>
    public const int MinWindows = 12;

    /// <summary>
    /// Least share of the variance between stretches that a fit must explain. Below it the split would follow the noise of the readings.
    /// </summary>
    public const double MinRSquared = 0.8;

    /// <summary>Below this share of explained variance a fit is no better than the mean of the stretches.</summary>
    private const double NothingRSquared = 0.1;

    /// <summary>How the split was obtained, in words.</summary>
    public required string Method { get; init; }

    /// <summary>Energy charged to prefill (J); <c>null</c> if not measured.</summary>
    public ErrorBounded? PrefillJoules { get; init; }

    /// <summary>Energy charged to decode (J); <c>null</c> if not measured.</summary>
    public ErrorBounded? DecodeJoules { get; init; }

    /// <summary>Energy that belongs to neither prefill nor decode (J); <c>null</c> if not measured.</summary>
    public ErrorBounded? FloorJoules { get; init; }

    /// <summary>Energy per prompt token (J); <c>null</c> if not measured.</summary>
    public ErrorBounded? JoulesPerPrefillToken { get; init; }

    /// <summary>Energy per generated token (J); <c>null</c> if not measured.</summary>
    public ErrorBounded? JoulesPerDecodeToken { get; init; }

    /// <summary>Share of the variance between stretches that the fit explains; <c>null</c> where nothing was fitted.</summary>
    public double? RSquared { get; init; }

    /// <summary>The reason why the energy could not be split; <c>null</c> if it was.</summary>
    public string? NotMeasured { get; init; }

    /// <summary>Splits the energy of a window by its engine steps, which carry their own energy.</summary>
    /// <param name="steps">Engine steps of the run.</param>
    /// <param name="startSeconds">Beginning of the window (s from the start of the run).</param>
    /// <param name="endSeconds">End of the window (s from the start of the run).</param>
    public static PhaseEnergySplit FromSteps(IEnumerable<EngineStep> steps, double startSeconds, double endSeconds)
    {
        StepPhases phases = new(startSeconds, endSeconds);
        foreach (EngineStep step in steps)
        {
            phases.Add(step);
        }

        return phases.Split();
    }

    /// <summary>
    /// Splits the energy by least squares without negative terms over stretches of a run: joules = floor · seconds + a · prefill
    /// tokens + b · decode tokens. Source of the form: Wilkins, Keshav, Mortier, arXiv 2407.04014.
    /// </summary>
    /// <remarks>
    /// There is no split unless the fit explains <see cref="MinRSquared"/> of the variance and gives both kinds of tokens some energy.
    /// Errors are two standard errors of the fit. They are widened where the residuals of neighbouring stretches resemble each other, and
    /// until they cover what the parts leave of the energy of all stretches.
    /// </remarks>
    /// <param name="windows">Stretches, from <see cref="PhaseWindow.Cut"/>.</param>
    /// <param name="floorWatts">The floor from a loaded-idle baseline (W); <c>null</c> means that the floor is fitted too.</param>
    public static PhaseEnergySplit ByRegression(IReadOnlyList<PhaseWindow> windows, double? floorWatts = null)
    {
        const string Regression = "regression over stretches of the run";
        string method = floorWatts is null ? Regression : Text($"{Regression} above {floorWatts:0.#} W");
        if (windows.Count < MinWindows)
        {
            return new() { Method = method, NotMeasured = $"{windows.Count} stretches, at least {MinWindows} are needed" };
        }

        double[] prefill = Column(windows, window => window.PrefillTokens);
        double[] decode = Column(windows, window => window.DecodeTokens);
        double[][] columns = floorWatts is null ? [prefill, decode, Column(windows, window => window.Seconds)] : [prefill, decode];
        double[] joules = Column(windows, window => window.Joules - ((floorWatts ?? 0) * window.Seconds));
        if (NonNegativeLeastSquares.Fit(columns, joules) is not { } fit)
        {
            const string Together = "prefill, decode and time rise and fall together in this run, so they cannot be told apart";
            return new() { Method = method, NotMeasured = Together };
        }

        // The comparison also catches a share that is no number.
        if (!(fit.RSquared >= MinRSquared))
        {
            string share = fit.RSquared < NothingRSquared ? "nothing" : "too little";
            string why = Text($"the fit explains {share} (R² {fit.RSquared:0.00}, at least {MinRSquared:0.00} is needed)");
            return new() { Method = method, RSquared = fit.RSquared, NotMeasured = why };
        }

        if (fit.Coefficients[0].Value == 0 || fit.Coefficients[1].Value == 0)
        {
            string phase = fit.Coefficients[0].Value == 0 ? "prompt" : "decoded";
            string why = $"the fit would give {phase} tokens no energy, so prompts and decoded tokens cannot be told apart";
            return new() { Method = method, RSquared = fit.RSquared, NotMeasured = why };
        }

        ErrorBounded[] coefficients = Covering(fit, columns);
        double seconds = windows.Sum(window => window.Seconds);
        return new()
        {
            Method = method,
            RSquared = fit.RSquared,
            JoulesPerPrefillToken = coefficients[0],
            JoulesPerDecodeToken = coefficients[1],
            PrefillJoules = Times(coefficients[0], columns[0].Sum()),
            DecodeJoules = Times(coefficients[1], columns[1].Sum()),
            FloorJoules = floorWatts is { } watts ? new ErrorBounded(watts * seconds, 0) : Times(coefficients[2], seconds),
        };
    }

    /// <summary>The coefficients with errors that together cover what the fit leaves of the energy of all stretches.</summary>
    private static ErrorBounded[] Covering(NonNegativeFit fit, double[][] columns)
    {
        double error = fit.Coefficients.Zip(columns, (coefficient, column) => coefficient.Error * column.Sum()).Sum();
        double rest = Math.Abs(fit.Residuals.Sum());
        double factor = error > 0 ? Math.Max(1, rest / error) : 1;
        return [.. fit.Coefficients.Select(coefficient => coefficient with { Error = factor * coefficient.Error })];
    }

    private static double[] Column(IReadOnlyList<PhaseWindow> windows, Func<PhaseWindow, double> value) => [.. windows.Select(value)];

    private static ErrorBounded Times(ErrorBounded value, double factor) => new(value.Value * factor, value.Error * factor);
}
