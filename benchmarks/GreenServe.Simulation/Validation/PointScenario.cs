using GreenServe.Records.Requests;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;
using MathNet.Numerics.Distributions;

namespace GreenServe.Simulation.Validation;

/// <summary>A measured point made ready to simulate: the system and the schedule that come closest to what its source describes.</summary>
/// <param name="Point">The point.</param>
/// <param name="Load">How its requests arrive.</param>
/// <param name="System">What serves.</param>
/// <param name="Schedule">What is asked.</param>
internal sealed record PointScenario(MeasuredPoint Point, PointLoad Load, SimulatedSystem System, RequestSchedule Schedule)
{
    /// <summary>Prompt length where a chat data set's is not reported (tokens): what the fill of the cache at saturation implies.</summary>
    private const double AssumedChatPrompt = 310;
    private const double ChatSpread = 1.8;
    private const int LongestChatPrompt = 8000;
    private const int Waves = 10;
    private const int MinRequests = 48;

    /// <summary>
    /// Requests of one run of the ML.ENERGY leaderboard v2, all sent at once, ramp and tail counted. The source does not tell the number; its
    /// largest mean batch (1,253) bounds it from below, and that its throughput falls short of batch / TBT, by 2 % at a batch of 64 and by
    /// half at 1,000, says that it is not many more.
    /// </summary>
    private const int WholeRunRequests = 1300;

    private static readonly RequestClassCuts Cuts = new();

    /// <summary>Makes a point ready, or says why it cannot be simulated.</summary>
    internal static PointScenario? TryCreate(MeasuredPoint point, PointCatalog catalogue, out string? reason)
    {
        reason = catalogue.Refusal(point);
        PointLoad? load = PointLoad.Of(point);
        if (reason is null && load is null)
        {
            reason = "its load is not told";
        }

        if (reason is null && (point.OutputTokens is null || (point.InputTokens is null && load!.Value.Kind is not (PointLoadKind.SteadyBatch or PointLoadKind.WholeRun))))
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

    private static SimulatedSystem SystemOf(MeasuredPoint point, PointLoad load, PointCatalog catalogue)
    {
        EngineProfile engine = catalogue.Engine(point)!;
        return new SimulatedSystem
        {
            // Sources quote the model's context as they please; the lengths they ran are proof enough.
            Model = PointCatalog.Model(point)! with { ContextTokens = int.MaxValue },
            Gpu = catalogue.Gpu(point)!,
            GpuCount = (point.TensorParallelism ?? 1) * StagesOf(point),
            Engine = engine,
            Knobs = new Knobs
            {
                TensorParallelism = point.TensorParallelism ?? 1,
                PipelineParallelism = StagesOf(point),
                Precision = PointCatalog.PrecisionOf(point)!.Value,
                GpuClockMegahertz = point.ClockMegahertz,
                MaxBatch = load.Kind switch
                {
                    PointLoadKind.Saturated => null,
                    PointLoadKind.WholeRun => load.Requests,
                    _ => Math.Max(load.Requests, engine.MaxSequences),
                },
            },
        };
    }

    /// <summary>Pipeline stages, as some stacks are described: <c>vLLM 2024 pp2</c>.</summary>
    private static int StagesOf(MeasuredPoint point) => point.Stack.EndsWith(" pp2", StringComparison.Ordinal) ? 2 : 1;

    private static RequestSchedule ScheduleOf(MeasuredPoint point, PointLoad load, SimulatedSystem system)
    {
        int input = (int)Math.Round(point.InputTokens ?? 0);
        double output = point.OutputTokens!.Value;
        return load.Kind switch
        {
            PointLoadKind.Batch => new RequestSchedule(Like(load.Requests, input, output)),
            PointLoadKind.Saturated => Saturating(input, output, system),
            PointLoadKind.ClosedLoop => Closed(load.Requests, input, output),
            PointLoadKind.WholeRun => new RequestSchedule(Chat(Math.Max(WholeRunRequests, load.Requests), point.InputTokens ?? AssumedChatPrompt, output)),
            _ => new RequestSchedule(Chat(Math.Max(MinRequests, Waves * load.Requests), point.InputTokens ?? AssumedChatPrompt, output), load.Requests),
        };
    }

    /// <summary>A quarter more users than the engine holds requests, so that some always wait.</summary>
    private static RequestSchedule Saturating(int input, double output, SimulatedSystem system)
    {
        int fit = (int)Math.Max(1, Math.Min(system.MaxSequences, system.Limits.CapacityTokens / (input + output)));
        int users = fit + (fit / 4) + 1;
        return Closed(users, input, output);
    }

    /// <summary>
    /// Users with like requests. Each user's first output is cut to another part of the whole, so that they are out of step as in a benchmark
    /// that has run for a while; in step, all prompts would come at once and tokens never wait for a prompt.
    /// </summary>
    private static RequestSchedule Closed(int users, int input, double output)
    {
        List<ScheduledRequest> requests = Like(Math.Max(MinRequests, Waves * users), input, output);
        for (int user = 0; user < users; user++)
        {
            requests[user] = Request(user, input, Math.Max(1, (int)Math.Round(output * (user + 1) / users)));
        }

        return new RequestSchedule(requests, users);
    }

    private static List<ScheduledRequest> Like(int count, int input, double output) =>
        [.. Enumerable.Range(0, count).Select(id => Request(id, input, (int)Math.Round(output)))];

    /// <summary>
    /// Chat lengths: prompts lognormal (most short, a few very long), outputs evenly between a fifth of the mean and nine fifths. The order
    /// has no pattern (steps of irrational length), so that requests neither start nor end together.
    /// </summary>
    private static List<ScheduledRequest> Chat(int count, double input, double output)
    {
        double median = input / Math.Exp(ChatSpread * ChatSpread / 2);
        return [.. Enumerable.Range(0, count).Select(id => Request(
            id,
            (int)Math.Clamp(median * Math.Exp(ChatSpread * Normal.InvCDF(0, 1, (0.5 + (id * 0.7548776662466927)) % 1)), 1, LongestChatPrompt),
            Math.Max(2, (int)Math.Round(output * (0.2 + (1.6 * ((0.5 + (id * 0.5698402909980532)) % 1)))))))];
    }

    private static ScheduledRequest Request(int id, int input, int output) => new(id, 0, Cuts.Classify(input, output), input, output);
}
