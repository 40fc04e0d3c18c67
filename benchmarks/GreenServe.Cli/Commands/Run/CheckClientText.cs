using System.Globalization;
using GreenServe.Records.Runs;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The table of <c>check-client</c>: a row for each load, and a conclusion.</summary>
/// <param name="output">Where the table is written.</param>
/// <param name="tokensPerSecond">Tokens per second that each stream was to send.</param>
internal sealed class CheckClientText(TextWriter output, double tokensPerSecond)
{
    /// <summary>
    /// Share of the tokens per second asked for that the server must have sent for the table to say nothing. Streams that begin one after
    /// the other, and the time to their first tokens, make the mean rate of a short check lower than the rate at its height.
    /// </summary>
    private const double MinShareOfAskedRate = 0.7;

    private readonly List<CheckClientResult> results = [];

    internal void WriteHeader()
    {
        output.WriteLine("Errors of the client's times against the server's send log, in ms; CPU in cores.");
        output.WriteLine(
            "TTFT = first token received - sent; TBT = |gap received - gap sent|; read lag = arrival in the kernel to being read.");
        output.WriteLine();
        output.WriteLine(
            "streams   sent tok/s   TTFT mean    p99   TBT p50    p99     max   send delay   read lag p99   client   server   B/token   "
            + "peak MB   verdict");
    }

    internal void Write(CheckClientResult result)
    {
        results.Add(result);
        ClientSelfCheck client = result.Outcome.Client;
        string rate = result.Accuracy.SentTokensPerSecond?.ToString("N0", CultureInfo.InvariantCulture) ?? "-";
        string firstTokens =
            $"{Milliseconds(result.MeanFirstTokenErrorSeconds),11} {Percentile(result.Accuracy.FirstTokenErrors, 99),6}";
        string gaps = $"{Percentile(result.Accuracy.GapErrors, 50),9} {Percentile(result.Accuracy.GapErrors, 99),6} "
            + $"{Milliseconds(result.LargestGapErrorSeconds),7}";
        string delays = $"{Milliseconds(result.MeanSendDelaySeconds),12} {Milliseconds(client.ReceiveLagP99Seconds),14}";
        string cores = string.Create(CultureInfo.InvariantCulture, $"{client.CpuCores,8:F2} {result.ServerCores,8:F2}");
        string allocated = (client.AllocatedBytes / Math.Max(1, result.Accuracy.Tokens))?.ToString(CultureInfo.InvariantCulture) ?? "-";
        string memory = (client.PeakMemoryBytes / 1e6)?.ToString("F0", CultureInfo.InvariantCulture) ?? "-";
        string cost = $"{cores} {allocated,9} {memory,9}";
        output.WriteLine($"{result.Streams,7} {rate,12} {firstTokens} {gaps} {delays} {cost}   {Verdict(result)}");
        output.Flush();
    }

    /// <summary>Writes the largest load that this machine drives honestly.</summary>
    /// <returns>Whether there is one.</returns>
    internal bool WriteConclusion()
    {
        output.WriteLine();
        CheckClientResult? best = results.LastOrDefault(result => result.IsHonest);
        output.WriteLine(best is null
            ? $"This machine drove none of these loads honestly ({CheckClientResult.Limits})."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Largest load driven honestly: {best.Streams} streams at {tokensPerSecond:G} tokens/s each, "
                + $"{best.Accuracy.SentTokensPerSecond:N0} tokens/s in all ({CheckClientResult.Limits})."));
        if (results.Any(result => result.Accuracy.SentTokensPerSecond < MinShareOfAskedRate * result.Streams * tokensPerSecond))
        {
            output.WriteLine("Where fewer tokens were sent than asked for, the server was the limit: errors are against what it did send.");
        }

        return best is not null;
    }

    private static string Verdict(CheckClientResult result) => result.IsHonest ? "honest"
        : result.Failed > 0 ? $"{result.Failed} failed"
        : result.Accuracy.TokensMissing > 0 ? $"{result.Accuracy.TokensMissing} tokens missing"
        : result.TimesAreRight && result.AgainstClient is { } reason ? reason.Code
        : "late";

    private static string Percentile(LatencyHistogram histogram, double percentile) =>
        Milliseconds(histogram.PercentileSeconds(percentile));

    private static string Milliseconds(double? seconds) => (seconds * 1e3)?.ToString("F3", CultureInfo.InvariantCulture) ?? "-";
}
