using System.Globalization;

namespace GreenServe.Records.Requests;

/// <summary>
/// The largest requests and workloads that GreenServe accepts. A larger number is treated as a mistake in the input.
/// </summary>
public static class RequestLimits
{
    /// <summary>The longest input or output of a request, in tokens.</summary>
    public const int MaxTokens = 10_000_000;

    /// <summary>The largest number of requests in one workload.</summary>
    public const int MaxRequests = 20_000_000;

    /// <summary>The longest time that a workload or a simulated run covers: a year, in seconds.</summary>
    /// <remarks>The longest public trace covers 121 days. What lasts longer would fill the disk, and never end in practice.</remarks>
    public const double MaxSpanSeconds = MaxSpanDays * SecondsPerDay;

    private const int MaxSpanDays = 365;
    private const double SecondsPerDay = 86_400;
    private const double MaxDaysInDigits = 365e6;

    /// <summary>Refuses what lies more than <see cref="MaxSpanSeconds"/> after the start of a run.</summary>
    /// <param name="seconds">Time from the start of the run (s).</param>
    /// <param name="place">The input that has the problem.</param>
    /// <param name="what">What takes that long, to be followed by a number of days.</param>
    /// <param name="remedy">What would make the run shorter.</param>
    /// <exception cref="InvalidInputException">The time is longer, infinite or no number.</exception>
    public static void RequireSpan(double seconds, string place, string what, string remedy)
    {
        if (!(seconds <= MaxSpanSeconds))
        {
            double days = seconds / SecondsPerDay;
            string length = days < MaxDaysInDigits ? days.ToString("#,0", CultureInfo.InvariantCulture)
                : double.IsFinite(days) ? "more than 365 million" : "infinitely many";
            throw new InvalidInputException(new Problem(place, $"{what} {length} days", $"at most {MaxSpanDays} days: {remedy}"));
        }
    }
}
