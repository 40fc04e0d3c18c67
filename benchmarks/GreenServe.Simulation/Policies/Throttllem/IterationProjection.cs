using GreenServe.Simulation.Capacity;

namespace GreenServe.Simulation.Policies.Throttllem;

/// <summary>
/// The iterations to come of one instance: which requests take part in each, how many tokens its cache then holds, and when each request
/// ends. It counts iterations by the time that has passed.
/// </summary>
internal sealed class IterationProjection
{
    /// <summary>The requests in the order in which they are predicted to end.</summary>
    private readonly List<TrackedRequest> requests = [];

    private double iterations;
    private double atSeconds;
    private bool hasLost;

    /// <summary>Whether one of the requests has missed its deadline, or was admitted although it would.</summary>
    internal bool HasLost(double nowSeconds) => requests.Count > 0 && (hasLost || requests.Exists(own => own.DeadlineSeconds < nowSeconds));

    /// <summary>Lets the time pass up to now.</summary>
    /// <param name="nowSeconds">The present time, in seconds from the start of the run.</param>
    /// <param name="steps">Times of steps at the present clock.</param>
    internal void PassTo(double nowSeconds, StepTable steps)
    {
        if (requests.Count > 0)
        {
            iterations += (nowSeconds - atSeconds) / steps.DecodeSeconds(requests.Count, ContextTokens());
        }

        atSeconds = nowSeconds;
    }

    /// <summary>Adds a request that begins now.</summary>
    /// <param name="id">Number of the request.</param>
    /// <param name="inputTokens">Tokens of its prompt.</param>
    /// <param name="outputTokens">Predicted tokens of its output.</param>
    /// <param name="deadlineSeconds">Time by which it must have ended, in seconds from the start of the run.</param>
    internal void Add(long id, int inputTokens, int outputTokens, double deadlineSeconds)
    {
        TrackedRequest added = new(id, inputTokens, iterations, outputTokens, deadlineSeconds);
        int place = requests.Count;
        while (place > 0 && requests[place - 1].EndCount > added.EndCount)
        {
            place--;
        }

        requests.Insert(place, added);
    }

    /// <summary>Notes that a request was added although it cannot end in time.</summary>
    internal void NoteLost() => hasLost = true;

    /// <summary>Removes a request that has ended or moved.</summary>
    /// <param name="id">Number of the request.</param>
    internal void Remove(long id)
    {
        requests.RemoveAll(own => own.Id == id);
        hasLost &= requests.Count > 0;
    }

    /// <summary>
    /// Whether, at a clock, tokens come in time, the cache holds every request up to its end, and every request ends by its deadline.
    /// </summary>
    /// <param name="steps">Times of steps at the clock.</param>
    /// <param name="prefillSeconds">Time of the prompts that are not processed yet, in seconds.</param>
    /// <param name="tokenSeconds">Limit on the mean time between tokens, in seconds.</param>
    internal bool Holds(StepTable steps, double prefillSeconds, double tokenSeconds)
    {
        double seconds = atSeconds + prefillSeconds;
        double done = iterations;
        long context = ContextTokens();
        for (int first = 0; first < requests.Count; first++)
        {
            TrackedRequest ending = requests[first];
            int batch = requests.Count - first;

            // A request that has got more tokens than predicted is expected to end with the next one.
            double ahead = Math.Max(1, ending.EndCount - done);
            double step = steps.DecodeSeconds(batch, context + (long)(batch * ahead / 2));
            seconds += ahead * step;
            context += (long)(batch * ahead);
            if (step > tokenSeconds || context > steps.CapacityTokens || (seconds > ending.DeadlineSeconds && !hasLost))
            {
                return false;
            }

            done += ahead;
            context -= ending.Tokens + (long)(done - ending.BeginCount);
        }

        return true;
    }

    private long ContextTokens()
    {
        double tokens = 0;
        foreach (TrackedRequest own in requests)
        {
            tokens += own.Tokens + (iterations - own.BeginCount);
        }

        return (long)tokens;
    }
}
