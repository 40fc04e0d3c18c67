using GreenServe.Records.Requests;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Clusters;

/// <summary>Chooses the instance for a request where no policy does.</summary>
/// <param name="kind">How it chooses.</param>
/// <param name="cluster">The cluster.</param>
/// <param name="predicts">
/// Whether it knows only the predicted output lengths of requests. That is so under a policy whose predictor errs: a router that knew the
/// true lengths would hide the errors.
/// </param>
internal sealed class ClusterRouter(RouterKind kind, ClusterState cluster, bool predicts)
{
    private int nextInTurn;

    /// <summary>Notes that an instance takes a request.</summary>
    internal void Note(ClusterNode node) => nextInTurn = (node.Number + 1) % cluster.Nodes.Count;

    /// <summary>Number of the instance that takes a request; <c>null</c> if none takes it now.</summary>
    /// <param name="request">The request.</param>
    /// <param name="toDecode">Whether the request has its first token and is to be decoded.</param>
    internal int? Choose(SimulatedRequest request, bool toDecode)
    {
        RequestClass known = predicts ? request.View.PredictedClass : request.Request.Class;
        int count = cluster.Nodes.Count;
        int? best = null;
        long leastLoad = long.MaxValue;
        for (int offset = 0; offset < count; offset++)
        {
            int number = kind == RouterKind.RoundRobin ? (nextInTurn + offset) % count : offset;
            ClusterNode node = cluster.Nodes[number];
            if (!node.Serves(known, toDecode))
            {
                continue;
            }

            if (kind == RouterKind.RoundRobin)
            {
                return number;
            }

            long load = kind == RouterKind.LeastRequests ? node.Requests
                : predicts ? node.PredictedTokens
                : node.Tokens;
            if (load < leastLoad)
            {
                (best, leastLoad) = (number, load);
            }
        }

        return best;
    }
}
