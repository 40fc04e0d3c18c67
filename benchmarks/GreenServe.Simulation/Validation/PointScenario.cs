using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Engines;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Validation;

/// <summary>A measured point made ready to simulate: the system and the schedule that come closest to what its source describes.</summary>
/// <param name="Point">The point.</param>
/// <param name="Load">How its requests arrive.</param>
/// <param name="System">What serves.</param>
/// <param name="Schedule">What is asked.</param>
internal sealed record PointScenario(MeasuredPoint Point, PointLoad Load, SimulatedSystem System, RequestSchedule Schedule)
{
    /// <summary>Prompt length where a chat data set's is not reported (tokens): what the fill of the cache at saturation implies.</summary>
    private const int AssumedChatPrompt = 380;

    private const int Waves = 8;
    private const int FewestRequests = 48;
    private static readonly RequestClassCuts Cuts = new();

    /// <summary>Makes a point ready, or says why it cannot be simulated.</summary>
    internal static PointScenario? TryCreate(MeasuredPoint point, PointCatalogue catalogue, out string? reason)
    {
        reason = catalogue.Refusal(point);
        PointLoad? load = PointLoad.Parse(point.Load);
        if (reason is null && load is null)
        {
            reason = "its load is not told";
        }

        if (reason is null && (point.OutputTokens is null || (point.InputTokens is null && load!.Value.Kind != PointLoadKind.SteadyBatch)))
        {
            reason = "its lengths are not told";
        }

        if (reason is not null)
        {
            return null;
        }

        SimulatedSystem system = SystemOf(point, load!.Value, catalogue);
        RequestSchedule schedule = ScheduleOf(point, load.Value, system);
        reason = SimulatedRun.Check(schedule, system) is [var problem, ..] ? $"{problem}" : null;
        return reason is null ? new PointScenario(point, load.Value, system, schedule) : null;
    }

    private static SimulatedSystem SystemOf(MeasuredPoint point, PointLoad load, PointCatalogue catalogue)
    {
        EngineProfile engine = catalogue.Engine(point)!;
        return new SimulatedSystem
        {
            // Sources quote the model's context as they please; the lengths they ran are proof enough.
            Model = PointCatalogue.Model(point)! with { ContextTokens = int.MaxValue },
            Gpu = catalogue.Gpu(point)!,
            GpuCount = point.TensorParallelism ?? 1,
            Engine = engine,
            Knobs = new Knobs
            {
                TensorParallelism = point.TensorParallelism ?? 1,
                Precision = PointCatalogue.PrecisionOf(point)!.Value,
                GpuClockMegahertz = point.ClockMegahertz,
                MaxBatch = load.Kind == PointLoadKind.Saturated ? null : Math.Max(load.Requests, engine.MaxSequences),
            },
        };
    }

    private static RequestSchedule ScheduleOf(MeasuredPoint point, PointLoad load, SimulatedSystem system)
    {
        int input = (int)Math.Round(point.InputTokens ?? AssumedChatPrompt);
        double output = point.OutputTokens!.Value;
        return load.Kind switch
        {
            PointLoadKind.Batch => new RequestSchedule(Like(load.Requests, input, output)),
            PointLoadKind.Saturated => new RequestSchedule(Like(SaturatingRequests(input, output, system), input, output)),
            PointLoadKind.ClosedLoop => new RequestSchedule(Like(Math.Max(FewestRequests, Waves * load.Requests), input, output), load.Requests),
            _ => new RequestSchedule(Varying(Math.Max(FewestRequests, Waves * load.Requests), input, output), load.Requests),
        };
    }

    private static int SaturatingRequests(int input, double output, SimulatedSystem system)
    {
        double fit = Math.Min(system.MaxSequences, system.Limits.CapacityTokens / (input + output));
        return (int)Math.Max(FewestRequests, 4 * fit);
    }

    private static List<ScheduledRequest> Like(int count, int input, double output) =>
        [.. Enumerable.Range(0, count).Select(id => Request(id, input, (int)Math.Round(output)))];

    /// <summary>Lengths between a fifth of the mean and nine fifths, evenly, in an order without pattern (steps of the golden ratio).</summary>
    private static List<ScheduledRequest> Varying(int count, int input, double output) =>
        [.. Enumerable.Range(0, count).Select(id =>
        {
            double place = id * 0.6180339887498949 % 1;
            return Request(id, Math.Max(1, (int)Math.Round(input * (0.2 + (1.6 * (id * 0.7548776662466927 % 1))))), Math.Max(2, (int)Math.Round(output * (0.2 + (1.6 * place)))));
        })];

    private static ScheduledRequest Request(int id, int input, int output) => new(id, 0, Cuts.Classify(input, output), input, output);
}
