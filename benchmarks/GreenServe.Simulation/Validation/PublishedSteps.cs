using GreenServe.Records.Runs;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Validation;

/// <summary>The steps of a simulated run that lie within a window.</summary>
/// <param name="Joules">Energy of the steps, in joules.</param>
/// <param name="Tokens">Tokens after the first of their requests that the steps gave.</param>
/// <param name="Gaps">Gaps between tokens, each counted once for each sequence.</param>
/// <param name="MeanStepSeconds">Mean gap of the steps that gave tokens, in seconds; <c>null</c> where none did.</param>
internal sealed record PublishedSteps(double Joules, double Tokens, LatencyHistogram Gaps, double? MeanStepSeconds)
{
    /// <summary>Reads the steps from the stretches of a run.</summary>
    /// <param name="stretches">All stretches, in order of time.</param>
    /// <param name="startSeconds">Start of the window, in seconds from the start of the run.</param>
    /// <param name="endSeconds">End of the window, in seconds from the start of the run.</param>
    /// <param name="decodesWait">
    /// Whether sequences that decode wait for steps of prompts alone, so that such steps lengthen the gap of the step after them.
    /// </param>
    internal static PublishedSteps Of(
        IReadOnlyList<StepStretch> stretches, double startSeconds, double endSeconds, bool decodesWait)
    {
        double joules = 0;
        double tokens = 0;
        double gapSeconds = 0;
        long steps = 0;
        LatencyHistogram gaps = new();
        double stallSeconds = 0;
        foreach (StepStretch stretch in stretches)
        {
            int sequences = stretch.Work?.DecodeSequences ?? 0;
            for (int index = 0; index < stretch.Count; index++)
            {
                double from = stretch.StartSeconds + stretch.StepSeconds.Sum(index);
                double length = stretch.StepSeconds.At(index);
                if (from >= startSeconds && from + length <= endSeconds)
                {
                    joules += stretch.StepJoules.At(index);
                    tokens += sequences;
                    if (sequences > 0)
                    {
                        gaps.Add(length + stallSeconds, sequences);
                        gapSeconds += length + stallSeconds;
                        steps++;
                    }
                }

                bool stalls = decodesWait && steps > 0 && sequences == 0 && stretch.Work is not null;
                stallSeconds = stalls ? stallSeconds + length : 0;
            }
        }

        return new PublishedSteps(joules, tokens, gaps, steps > 0 ? gapSeconds / steps : null);
    }
}
