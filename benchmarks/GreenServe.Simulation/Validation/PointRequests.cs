using GreenServe.Records.Requests;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Validation.Protocols;
using GreenServe.Workloads.Schedules;
using MathNet.Numerics.Distributions;

namespace GreenServe.Simulation.Validation;

/// <summary>The requests of a measured point, from its load and lengths and the protocol of its source.</summary>
/// <param name="load">How requests arrive, and how their lengths spread.</param>
/// <param name="input">Length of the prompts, in tokens: the longest of uniform lengths, the mean of chat lengths.</param>
/// <param name="output">Length of the outputs, in tokens: likewise.</param>
/// <param name="cachedRatio">Share of each prompt, from 0 to 1, that the cache held before.</param>
internal sealed class PointRequests(ProtocolLoad load, double input, double output, double cachedRatio)
{
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

    /// <summary>Smallest number of requests of a run, so that a mean over few users is not left to chance.</summary>
    private const int MinRequests = 48;

    /// <summary>Divisor of the requests that the engine holds that gives the users who wait in a saturated load.</summary>
    private const int WaitingUsersDivisor = 4;

    /// <summary>Group of the prompts whose beginning the cache held before.</summary>
    private const int CachedGroup = 0;

    private static readonly RequestClassCuts Cuts = new();

    /// <summary>The requests of a load.</summary>
    /// <param name="kind">How the requests arrive.</param>
    /// <param name="count">Number of requests at once; <c>null</c> for a saturated load.</param>
    /// <param name="system">The instance that serves them.</param>
    internal RequestSchedule Of(PointLoadKind kind, int? count, SimulatedSystem system) => kind switch
    {
        PointLoadKind.Batch => new RequestSchedule(Requests(count!.Value)),
        PointLoadKind.MeanBatch when load.RequestsAtOnce is { } all =>
            new RequestSchedule(Requests(Math.Max(all, count!.Value + ((count.Value + 1) / 2)))),
        PointLoadKind.Saturated => Closed(SaturatingUsers(system)),
        _ => Closed(count!.Value),
    };

    /// <summary>More users than the engine holds requests, so that some always wait.</summary>
    private int SaturatingUsers(SimulatedSystem system)
    {
        int fit = (int)Math.Max(1, Math.Min(system.MaxSequences, system.Limits.CapacityTokens / (input + output)));
        return fit + (fit / WaitingUsersDivisor) + 1;
    }

    /// <summary>
    /// Users who send one request after another. Users who begin out of step have their first output cut, each to a different length, as
    /// in a benchmark that has run for a while.
    /// </summary>
    private RequestSchedule Closed(int users)
    {
        ScheduledRequest[] requests = Requests(Math.Max(MinRequests, load.Rounds * users));
        for (int user = 0; load.Start == UserStart.OutOfStep && load.Lengths == LengthSpread.Equal && user < users; user++)
        {
            requests[user] = Request(user, input, Math.Max(1, Math.Round(output * (user + 1) / users)));
        }

        return new RequestSchedule(requests, users);
    }

    private ScheduledRequest[] Requests(int count) => [.. Enumerable.Range(0, count).Select(id => load.Lengths switch
    {
        LengthSpread.Uniform => Request(id, Uniform(input, id, PromptStep), Uniform(output, id, OutputStep)),
        LengthSpread.Chat => Request(id, ChatPrompt(id), ChatOutput(id)),
        _ => Request(id, input, output),
    })];

    private double Uniform(double longest, int id, double step) =>
        longest * (load.ShortestRatio + ((1 - load.ShortestRatio) * Place(id, step)));

    private double ChatPrompt(int id)
    {
        double median = input / Math.Exp(ChatSpread * ChatSpread / 2);
        return Math.Clamp(Math.Floor(median * Math.Exp(ChatSpread * Normal.InvCDF(0, 1, Place(id, PromptStep)))), 1, LongestChatPrompt);
    }

    private double ChatOutput(int id) => Math.Max(2, output * (ShortestOutputShare + (OutputShareRange * Place(id, OutputStep))));

    /// <summary>
    /// A place in (0, 1) for each request. Places are spread evenly, and their order has no pattern, so that requests neither start nor end
    /// together.
    /// </summary>
    private static double Place(int id, double step) => (0.5 + (id * step)) % 1;

    private ScheduledRequest Request(int id, double prompt, double answer)
    {
        int inputTokens = Math.Max(1, (int)Math.Round(prompt));
        int outputTokens = Math.Max(1, (int)Math.Round(answer));
        int cached = (int)(cachedRatio * inputTokens);
        return new ScheduledRequest(id, 0, Cuts.Classify(inputTokens, outputTokens), inputTokens, outputTokens)
        {
            PrefixGroup = cached > 0 ? CachedGroup : null,
            SharedPrefixTokens = cached,
        };
    }
}
