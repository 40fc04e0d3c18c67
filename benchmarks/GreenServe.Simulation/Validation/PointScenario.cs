using GreenServe.Records.Requests;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;
using MathNet.Numerics.Distributions;

namespace GreenServe.Simulation.Validation;

/// <summary>
/// A measured point prepared for simulation, with the system and schedule that come closest to the description of its source.
/// </summary>
/// <param name="Point">The point.</param>
/// <param name="Load">Its load.</param>
/// <param name="System">The instance that serves it.</param>
/// <param name="Schedule">Its requests.</param>
internal sealed record PointScenario(MeasuredPoint Point, PointLoad Load, SimulatedSystem System, RequestSchedule Schedule)
{
    /// <summary>
    /// Mean prompt length of a chat data set whose source does not report it, in tokens. It follows from how full the cache is at
    /// saturation.
    /// </summary>
    private const double AssumedChatPrompt = 310;

    /// <summary>
    /// Standard deviation of the logarithm of a chat prompt's length, assumed: most prompts are short and a few very long.
    /// </summary>
    private const double ChatSpread = 1.8;

    /// <summary>Longest chat prompt, in tokens, assumed: engines are run with contexts of that order.</summary>
    private const int LongestChatPrompt = 8000;

    /// <summary>Shortest chat output as a share of the mean, assumed.</summary>
    private const double ShortestOutputShare = 0.2;

    /// <summary>Longest less shortest chat output as a share of the mean, so that outputs of even lengths have that mean.</summary>
    private const double OutputShareRange = 1.6;

    /// <summary>
    /// Steps modulo 1 that spread prompts and outputs evenly without a pattern: powers of the inverse of the plastic number.
    /// </summary>
    private const double PromptStep = 0.7548776662466927;
    private const double OutputStep = 0.5698402909980532;

    /// <summary>Requests of each user, so that the steady part of a run is much longer than its start.</summary>
    private const int Waves = 10;

    /// <summary>Smallest number of requests of a run, so that a mean over few users is not left to chance.</summary>
    private const int MinRequests = 48;

    /// <summary>Divisor of the requests that the engine holds that gives the users who wait in a saturated load.</summary>
    private const int WaitingUsersDivisor = 4;

    /// <summary>
    /// Requests of one run of the ML.ENERGY leaderboard v2, which are all sent at once and counted from first to last. The source does not
    /// report the number. Its largest mean batch (1,253) is a lower bound. Its throughput is below batch / TBT by 2 % at a batch of 64 and
    /// by half at 1,000, which shows that the number is not much larger.
    /// </summary>
    private const int WholeRunRequests = 1300;

    private static readonly RequestClassCuts Cuts = new();

    /// <summary>Prepares a point; <c>null</c> if it cannot be simulated.</summary>
    /// <param name="point">The point.</param>
    /// <param name="catalog">Finds the definitions that the point refers to.</param>
    /// <param name="reason">The reason why it cannot be simulated; <c>null</c> if it can.</param>
    internal static PointScenario? TryCreate(MeasuredPoint point, PointCatalog catalog, out string? reason)
    {
        reason = catalog.SkipReason(point);
        PointLoad? load = PointLoad.Of(point);
        if (reason is null && load is null)
        {
            reason = "its load is not told";
        }

        if (reason is null && (point.OutputTokens is null || (point.InputTokens is null && !IsChat(load!.Value))))
        {
            reason = "its lengths are not told";
        }

        if (reason is not null)
        {
            return null;
        }

        SimulatedSystem system = SystemOf(point, load!.Value, catalog);
        RequestSchedule schedule = ScheduleOf(point, load.Value, system);
        reason = SimulatedRun.Check(schedule, system) is [var problem, ..] ? $"{problem}" : null;
        return reason is null ? new PointScenario(point, load.Value, system, schedule) : null;
    }

    /// <summary>Whether the requests of a load have the varying lengths of a chat data set.</summary>
    private static bool IsChat(PointLoad load) => load.Kind is PointLoadKind.SteadyBatch or PointLoadKind.WholeRun;

    private static SimulatedSystem SystemOf(MeasuredPoint point, PointLoad load, PointCatalog catalog)
    {
        EngineProfile engine = catalog.Engine(point)!;
        return new SimulatedSystem
        {
            // Sources state different contexts for the same model. The lengths that they ran show that the context was long enough.
            Model = PointCatalog.Model(point)! with { ContextTokens = int.MaxValue },
            Gpu = catalog.Gpu(point)!,
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
                    _ => Math.Max(load.Requests!.Value, engine.MaxSequences),
                },
            },
        };
    }

    /// <summary>Number of pipeline stages, which some stacks state, as in <c>vLLM 2024 pp2</c>.</summary>
    private static int StagesOf(MeasuredPoint point) => point.Stack!.EndsWith(" pp2", StringComparison.Ordinal) ? 2 : 1;

    private static RequestSchedule ScheduleOf(MeasuredPoint point, PointLoad load, SimulatedSystem system)
    {
        double output = point.OutputTokens!.Value;
        if (load.Requests is not { } requests)
        {
            return Saturating(InputOf(point), output, system);
        }

        double chatPrompt = point.InputTokens ?? AssumedChatPrompt;
        return load.Kind switch
        {
            PointLoadKind.Batch => new RequestSchedule(Equal(requests, InputOf(point), output)),
            PointLoadKind.ClosedLoop => Closed(requests, InputOf(point), output),
            PointLoadKind.WholeRun => new RequestSchedule(Chat(Math.Max(WholeRunRequests, requests), chatPrompt, output)),
            _ => new RequestSchedule(Chat(Math.Max(MinRequests, Waves * requests), chatPrompt, output), requests),
        };
    }

    private static int InputOf(MeasuredPoint point) => (int)Math.Round(point.InputTokens!.Value);

    /// <summary>More users than the engine holds requests, so that some always wait.</summary>
    private static RequestSchedule Saturating(int input, double output, SimulatedSystem system)
    {
        int fit = (int)Math.Max(1, Math.Min(system.MaxSequences, system.Limits.CapacityTokens / (input + output)));
        int users = fit + (fit / WaitingUsersDivisor) + 1;
        return Closed(users, input, output);
    }

    /// <summary>
    /// Users with equal requests. The first output of each user is cut to a different length, so that users are out of step as in a
    /// benchmark that has run for a while. If they were in step, all prompts would come at once and tokens would never wait for a prompt.
    /// </summary>
    private static RequestSchedule Closed(int users, int input, double output)
    {
        List<ScheduledRequest> requests = Equal(Math.Max(MinRequests, Waves * users), input, output);
        for (int user = 0; user < users; user++)
        {
            requests[user] = Request(user, input, Math.Max(1, (int)Math.Round(output * (user + 1) / users)));
        }

        return new RequestSchedule(requests, users);
    }

    private static List<ScheduledRequest> Equal(int count, int input, double output) =>
        [.. Enumerable.Range(0, count).Select(id => Request(id, input, (int)Math.Round(output)))];

    /// <summary>
    /// Requests of chat lengths. Prompts are lognormal, and outputs are even between a fifth and nine fifths of the mean. The order has no
    /// pattern, since steps modulo 1 have irrational lengths, so that requests neither start nor end together.
    /// </summary>
    private static List<ScheduledRequest> Chat(int count, double input, double output)
    {
        double median = input / Math.Exp(ChatSpread * ChatSpread / 2);
        return [.. Enumerable.Range(0, count).Select(ChatRequest)];

        ScheduledRequest ChatRequest(int id)
        {
            double prompt = median * Math.Exp(ChatSpread * Normal.InvCDF(0, 1, (0.5 + (id * PromptStep)) % 1));
            double share = ShortestOutputShare + (OutputShareRange * ((0.5 + (id * OutputStep)) % 1));
            return Request(id, (int)Math.Clamp(prompt, 1, LongestChatPrompt), Math.Max(2, (int)Math.Round(output * share)));
        }
    }

    private static ScheduledRequest Request(int id, int input, int output) => new(id, 0, Cuts.Classify(input, output), input, output);
}
