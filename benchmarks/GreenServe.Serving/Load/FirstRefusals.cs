using GreenServe.Records.Requests;

namespace GreenServe.Serving.Load;

/// <summary>
/// Notices a server that refuses everything it is sent, so that a run does not go through its whole schedule in vain. Thread-safe.
/// </summary>
/// <param name="stop">Stops the load. It is called once.</param>
internal sealed class FirstRefusals(Action stop)
{
    /// <summary>
    /// Refusals after which a load is stopped if nothing else came before them. A server that would serve some of the requests has shown
    /// it by then, and the record shows that it was not one request alone.
    /// </summary>
    internal const int Limit = 10;
    private readonly Lock gate = new();
    private int refusals;
    private bool hasSeenOther;
    private string? example;

    /// <summary>Description of the first refusal; <c>null</c> unless the load was stopped.</summary>
    internal string? StoppedBy
    {
        get
        {
            lock (gate)
            {
                return refusals >= Limit ? example : null;
            }
        }
    }

    /// <summary>Notes how a request ended.</summary>
    internal void Note(RequestTrace trace)
    {
        lock (gate)
        {
            hasSeenOther |= trace.Status is not (RequestStatus.Refused or RequestStatus.Cancelled);
            if (hasSeenOther || trace.Status == RequestStatus.Cancelled || refusals >= Limit)
            {
                return;
            }

            example ??= trace.Error;
            refusals++;
            if (refusals < Limit)
            {
                return;
            }
        }

        stop();
    }
}
