using GreenServe.Records.Requests;
using GreenServe.Records.Verdicts;

namespace GreenServe.Records.Runs;

/// <summary>Counts the requests of a sample one by one, as far as the verdict of a run needs them.</summary>
/// <param name="sample">Chooses the requests.</param>
public sealed class SampleTally(RequestSample sample)
{
    /// <summary>How the requests were chosen, in words.</summary>
    public string Rule => sample.Rule;

    /// <summary>Number of requests of the sample, failed ones included.</summary>
    public int Requests { get; private set; }

    /// <summary>Number of requests of the sample that were completed.</summary>
    public int Completed { get; private set; }

    /// <summary>Number of requests of the sample whose instants are out of order.</summary>
    public int OutOfOrder { get; private set; }

    /// <summary>Adds a request of the run, which is counted if it belongs to the sample.</summary>
    /// <returns>Whether it belongs to the sample.</returns>
    public bool Add(RequestRecord request)
    {
        if (!sample.Contains(request))
        {
            return false;
        }

        Requests++;
        Completed += request.Status == RequestStatus.Completed ? 1 : 0;
        OutOfOrder += RunsBackwards(request) ? 1 : 0;
        return true;
    }

    /// <summary>What the sample says against the run.</summary>
    internal IEnumerable<VerdictReason> Reasons()
    {
        if (Completed == 0)
        {
            yield return new VerdictReason(VerdictCode.NothingCompleted, $"none of {Requests} requests was completed");
        }

        if (sample.ReasonAgainst(Completed) is { } tooFew)
        {
            yield return tooFew;
        }

        if (OutOfOrder > 0)
        {
            yield return new VerdictReason(
                VerdictCode.TimesRunBackwards,
                $"{OutOfOrder} requests have their instants out of order (issued, first token, completed)");
        }
    }

    private static bool RunsBackwards(RequestRecord request) =>
        request.FirstTokenSeconds < request.IssuedSeconds
        || request.CompletedSeconds < (request.FirstTokenSeconds ?? request.IssuedSeconds);
}
