using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Policies.PowerLimits;

/// <summary>Sends requests to the instance that has most of them and still keeps the time between tokens.</summary>
/// <param name="tbtSeconds">Limit of the time between tokens, in seconds.</param>
internal sealed class Consolidation(double tbtSeconds)
{
    /// <summary>Length of the prompt that joins a step of decoding requests, in tokens.</summary>
    private const int UsualPromptTokens = 1000;

    /// <summary>Share of the cache that requests may fill as they are now. The rest is for what they grow by.</summary>
    private const double CacheShare = 0.7;

    /// <summary>Context of a request before any was seen, in tokens.</summary>
    private const long UsualContextTokens = 1000;

    private readonly Dictionary<int, int> capacities = [];

    /// <summary>
    /// Works out how many requests an instance decodes at once within the limit while a prompt joins them, at its present clock and
    /// contexts.
    /// </summary>
    internal void Learn(IInstanceView instance)
    {
        StepModel model = instance.Model;
        long context = instance.DecodingRequests > 0 ? instance.ContextTokens / instance.DecodingRequests : UsualContextTokens;
        int low = 1;
        int high = (int)Math.Clamp(CacheShare * instance.CacheTokens / Math.Max(1, context), 1, instance.System.MaxSequences);
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            StepShape withPrompt = StepShape.Prefill(UsualPromptTokens, 0, completesPrompt: true) with
            {
                DecodeSequences = middle,
                ContextTokens = middle * context,
            };
            bool fits = model.Cost(withPrompt).Seconds <= tbtSeconds;
            (low, high) = fits ? (middle, high) : (low, middle - 1);
        }

        capacities[instance.Number] = low;
    }

    /// <summary>
    /// The instance with most requests among those with room for another and no prompt in work, or else the one with the fewest predicted
    /// tokens; <c>null</c> if none serves the request.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="avoided">Numbers of servers that get no request.</param>
    internal IInstanceView? Choose(in RequestView request, IClusterView cluster, HashSet<int> avoided)
    {
        IInstanceView? fullest = null;
        IInstanceView? least = null;
        for (int index = 0; index < cluster.Instances.Count; index++)
        {
            IInstanceView instance = cluster.Instances[index];
            if (!instance.Serves(request) || avoided.Contains(instance.Server.Number))
            {
                continue;
            }

            least = least is null || instance.PredictedTokens < least.PredictedTokens ? instance : least;
            bool hasRoom = instance.Requests < capacities.GetValueOrDefault(instance.Number, 1) && instance.PromptRequests == 0;
            fullest = hasRoom && (fullest is null || instance.Requests > fullest.Requests) ? instance : fullest;
        }

        return fullest ?? least;
    }
}
