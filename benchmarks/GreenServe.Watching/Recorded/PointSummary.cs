using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Running.Live;

namespace GreenServe.Watching.Recorded;

/// <summary>The numbers of a point that has ended, from its record.</summary>
public static class PointSummary
{
    /// <summary>The verdict, J per output token and output tokens per second, as a report would state them.</summary>
    /// <param name="record">The record of the point.</param>
    /// <returns><c>null</c> where the record cannot be read: a view then shows no number, and the command goes on.</returns>
    public static LivePointResult? Of(RunRecord record)
    {
        try
        {
            return WatchedRecord.Judge(record).Result;
        }
        catch (Exception exception) when (exception is InvalidInputException or IOException)
        {
            return null;
        }
    }
}
