using GreenServe.Records;

namespace GreenServe.Workloads.Traces;

/// <summary>The rows of a trace file that a workload uses.</summary>
/// <param name="Requests">The requests of the slice, from its beginning.</param>
/// <param name="HashIds">The blocks of each request; <c>null</c> for a request whose blocks are not known.</param>
/// <param name="RowsWithoutTokens">Number of rows left out because they had no tokens.</param>
internal sealed record TraceSlice(List<TraceRequest> Requests, List<int[]?> HashIds, long RowsWithoutTokens)
{
    /// <summary>Takes the rows of the slice. Rows out of order are added to the problems.</summary>
    internal static TraceSlice Of(IEnumerable<TraceRow> rows, TraceSource source, RowProblems problems)
    {
        List<TraceRequest> requests = [];
        List<int[]?> hashIds = [];
        long withoutTokens = 0;
        TraceRow? first = null;
        TraceRow? previous = null;
        foreach (TraceRow row in rows)
        {
            first ??= row;
            if (previous is { } above && row.Ticks < above.Ticks)
            {
                string found = $"an arrival {(above.Ticks - row.Ticks) / 1e7:R} s before the row above";
                problems.Add("row", found, "rows in order of arrival", row.Line);
            }

            previous = row;
            double seconds = (row.Ticks - first.Value.Ticks) / (double)TimeSpan.TicksPerSecond;
            if (seconds >= source.ToSeconds || requests.Count >= source.MaximumRequests)
            {
                break;
            }

            if (row.InputTokens == 0 || row.OutputTokens == 0)
            {
                withoutTokens++;
            }
            else if (seconds >= source.FromSeconds)
            {
                requests.Add(new TraceRequest(seconds - source.FromSeconds, (int)row.InputTokens, (int)row.OutputTokens));
                hashIds.Add(row.HashIds);
            }
        }

        return new TraceSlice(requests, hashIds, withoutTokens);
    }

    /// <summary>The trace of this slice, without what its prompts share.</summary>
    /// <param name="format">Format of the file.</param>
    /// <param name="unit">Unit of the file's timestamps, in words.</param>
    /// <param name="file">The file, for messages.</param>
    /// <exception cref="InvalidInputException">The slice has no request.</exception>
    internal Trace ToTrace(TraceFormat format, string unit, string file) => Requests.Count > 0
        ? new Trace(Requests, RowsWithoutTokens, format) { TimestampUnit = unit }
        : throw new InvalidInputException(new Problem("rows", "no row with tokens in the slice", "at least one request", file));
}
