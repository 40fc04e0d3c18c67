using System.Collections;

namespace GreenServe.Records.Requests;

/// <summary>
/// The requests of a run, for any number of passes. Up to a million of them stay in memory. More are read from their file at each pass.
/// </summary>
/// <remarks>A request is made at each pass anew: whoever needs only a few numbers of each keeps those.</remarks>
internal sealed class RequestTable : IReadOnlyCollection<RequestRecord>
{
    /// <summary>Requests that stay in memory, in 100 bytes each.</summary>
    internal const int MaxKeptRequests = 1 << 20;

    private readonly Func<IEnumerable<RequestRecord>> read;
    private readonly RequestStore? kept;

    private RequestTable(Func<IEnumerable<RequestRecord>> read, RequestStore? kept, int count)
    {
        this.read = read;
        this.kept = kept;
        Count = count;
    }

    /// <inheritdoc />
    public int Count { get; }

    /// <summary>The requests that a file holds. They are read once here, so that damage is found.</summary>
    /// <param name="read">Reads all requests from the file.</param>
    internal static RequestTable Of(Func<IEnumerable<RequestRecord>> read)
    {
        RequestStore? store = new();
        int count = 0;
        foreach (RequestRecord request in read())
        {
            count++;
            store = count > MaxKeptRequests ? null : store;
            store?.Add(request);
        }

        return new RequestTable(read, store, count);
    }

    /// <summary>The requests that a writer has just written.</summary>
    /// <param name="store">Every request; <c>null</c> where there were too many to keep.</param>
    /// <param name="count">Number of requests.</param>
    /// <param name="read">Reads all requests from the file.</param>
    internal static RequestTable Of(RequestStore? store, int count, Func<IEnumerable<RequestRecord>> read) => new(read, store, count);

    /// <inheritdoc />
    public IEnumerator<RequestRecord> GetEnumerator() => (kept?.All() ?? read()).GetEnumerator();

    /// <inheritdoc />
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
