using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Artifacts;

/// <summary>Power over the time of a run, with its phases shaded.</summary>
internal static class PowerTrace
{
    // As many as a figure has room for; each is a few pixels wide.
    private const int Buckets = 300;

    // The edge of a bucket may be rounded onto the place before it; the sweep still goes on.
    private const double MinStrideSeconds = 1e-9;

    private const int Prefill = 0;
    private const int Decode = 1;
    private const int Waiting = 2;

    /// <summary>The names of the phases, each at its number.</summary>
    private static readonly string[] Phases = ["prefill", "decode", "waiting"];

    /// <summary>The panel of a run; nothing where its energy was not measured over its whole length.</summary>
    /// <param name="name">Name of the run.</param>
    /// <param name="record">Its record.</param>
    /// <param name="metrics">What was computed from the record.</param>
    /// <param name="maxSeconds">Time from the beginning that is shown (s). In a longer one the phases of a request cannot be seen.</param>
    internal static LinePanel? PanelOf(
        string name, RunRecord record, RunMetrics metrics, double maxSeconds = double.PositiveInfinity)
    {
        (double from, double end) = EnergyAccount.Span(record, metrics.Steps);
        double to = Math.Min(end, from + maxSeconds);
        double bucket = (to - from) / Buckets;
        double[] starts = [.. Enumerable.Range(0, Buckets).Select(index => from + (index * bucket))];
        double[] edges = [.. starts.Concat(starts.Select(start => start + bucket)).Order()];
        if (to <= from || EnergyAccount.Shape(record, metrics.Steps, edges) is not { } energy)
        {
            return null;
        }

        FigurePoint[] points =
            [.. starts.Select(start => new FigurePoint(start + (bucket / 2), energy(start, start + bucket) / bucket))];
        List<ReferenceLine> references = [];
        if (record.Manifest.Baselines is { LoadedIdleWatts: { } loaded })
        {
            references.Add(new ReferenceLine("weights loaded, idle", loaded));
        }

        return new LinePanel
        {
            Title = name,
            X = new FigureAxis { Label = "time (s)", FromZero = true },
            Y = new FigureAxis { Label = EnergyLabel.Of("power (W)", [metrics.Manifest.Evidence]), FromZero = true },
            Series = [new Series("power", new SeriesStyle(Palette.Of(0), HasMarkers: false), points)],
            References = references,
            Bands = metrics.Steps.FirstSeconds is null ? [] : Bands(record.StreamSteps(), from, to, bucket),
        };
    }

    /// <summary>Stretches of one phase: the one with most time in each bucket, neighbours joined.</summary>
    private static List<FigureBand> Bands(IEnumerable<EngineStep> steps, double from, double to, double bucket)
    {
        List<FigureBand> bands = [];
        double[,] seconds = new double[Buckets, Phases.Length];
        foreach (EngineStep step in steps)
        {
            int phase = step.IsIdle ? Waiting : step.PrefillTokens > 0 ? Prefill : Decode;
            double end = Math.Min(to, step.StartSeconds + step.DurationSeconds);
            for (double at = Math.Max(from, step.StartSeconds); at < end;)
            {
                int index = Math.Min(Buckets - 1, (int)((at - from) / bucket));
                double next = Math.Min(end, Math.Max(from + ((index + 1) * bucket), at + MinStrideSeconds));
                seconds[index, phase] += next - at;
                at = next;
            }
        }

        for (int index = 0; index < Buckets; index++)
        {
            // A real engine logs no step where it waits.
            seconds[index, Waiting] +=
                Math.Max(0, bucket - seconds[index, Prefill] - seconds[index, Decode] - seconds[index, Waiting]);
            int phase = Enumerable.Range(0, Phases.Length).MaxBy(one => seconds[index, one]);
            string name = Phases[phase];
            double start = from + (index * bucket);
            if (bands.Count > 0 && bands[^1].Name == name)
            {
                bands[^1] = bands[^1] with { To = start + bucket };
            }
            else
            {
                bands.Add(new FigureBand(name, PhaseColors.Of(name), start, start + bucket));
            }
        }

        return bands;
    }
}
