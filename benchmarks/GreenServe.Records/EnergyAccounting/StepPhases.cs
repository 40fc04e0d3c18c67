using GreenServe.Records.Measurements;
using static GreenServe.Records.EnergyAccounting.EnergyWindow;

namespace GreenServe.Records.EnergyAccounting;

/// <summary>Sums the energy of the engine steps in a window by phase, one step after the other.</summary>
/// <param name="startSeconds">Beginning of the window (s from the start of the run).</param>
/// <param name="endSeconds">End of the window (s from the start of the run).</param>
public sealed class StepPhases(double startSeconds, double endSeconds)
{
    private const string Method = "energy of the engine's steps";

    private double prefill;
    private double decode;
    private double floor;
    private double prefillTokens;
    private double decodeTokens;
    private string? notMeasured;

    /// <summary>Adds a step of the run. One that reaches over an edge of the window counts by its share inside.</summary>
    public void Add(in EngineStep step)
    {
        double overlap = Math.Min(endSeconds, step.StartSeconds + step.DurationSeconds) - Math.Max(startSeconds, step.StartSeconds);
        double share = step.DurationSeconds > 0 ? overlap / step.DurationSeconds : 0;
        if (share <= 0 || notMeasured is not null)
        {
            return;
        }

        if (step.EnergyJoules is not { } joules || (!step.IsIdle && step.PrefillEnergyJoules is null))
        {
            notMeasured = Text($"the step at {step.StartSeconds:0.###} s carries no energy");
            return;
        }

        double prefillPart = step.IsIdle ? 0 : step.PrefillEnergyJoules!.Value;
        prefill += share * prefillPart;
        decode += step.IsIdle ? 0 : share * (joules - prefillPart);
        floor += step.IsIdle ? share * joules : 0;
        prefillTokens += share * step.PrefillTokens;
        decodeTokens += share * step.DecodeSequences;
    }

    /// <summary>The energy of the steps that were added, or why it cannot be split.</summary>
    public PhaseEnergySplit Split()
    {
        if (notMeasured is not null || prefill + decode + floor == 0)
        {
            return new PhaseEnergySplit { Method = Method, NotMeasured = notMeasured ?? "no step lies in the window" };
        }

        return new PhaseEnergySplit
        {
            Method = Method,
            PrefillJoules = new ErrorBounded(prefill, 0),
            DecodeJoules = new ErrorBounded(decode, 0),
            FloorJoules = new ErrorBounded(floor, 0),
            JoulesPerPrefillToken = prefillTokens > 0 ? new ErrorBounded(prefill / prefillTokens, 0) : null,
            JoulesPerDecodeToken = decodeTokens > 0 ? new ErrorBounded(decode / decodeTokens, 0) : null,
        };
    }
}
