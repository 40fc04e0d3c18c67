using System.Globalization;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Serving.ClientAccuracy;

/// <summary>Reads the send log of the built-in server, a CSV file: <c>request_id,token_index,tokens,timestamp</c>.</summary>
public static class SendLogFile
{
    /// <summary>The token index with which the file marks the arrival of a request, which carries no token.</summary>
    private const int ArrivalIndex = -1;

    /// <summary>Reads what was sent for each request, in the order of sending.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The lines of the log by the client's name of the request.</returns>
    /// <exception cref="InvalidInputException">The file is missing, or a line does not have the four columns.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<SentToken>> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new InvalidInputException(new Problem("send log", null, "an existing file", path));
        }

        Dictionary<string, IReadOnlyList<SentToken>> requests = [];
        int number = 1;
        foreach (string line in InputFile.ReadLines(path).Skip(1))
        {
            number++;
            int quote = line.LastIndexOf('"');
            string[] fields = line[(quote + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries);
            if (quote < 1 || fields.Length != 3
                || !int.TryParse(fields[0], NumberStyles.Integer, CultureInfo.InvariantCulture, out int index)
                || !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out int tokens)
                || !long.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out long timestamp))
            {
                throw new InvalidInputException(
                    new Problem("send log", line, "\"request\",token index,tokens,timestamp", path, number));
            }

            string request = line[1..quote].Replace("\"\"", "\"", StringComparison.Ordinal);
            if (!requests.TryGetValue(request, out IReadOnlyList<SentToken>? sent))
            {
                requests[request] = sent = new List<SentToken>();
            }

            ((List<SentToken>)sent).Add(new SentToken(index == ArrivalIndex ? null : index, tokens, timestamp));
        }

        return requests;
    }
}

/// <summary>One line of a server's send log: the arrival of a request, or a chunk of tokens that was sent.</summary>
/// <param name="TokenIndex">Number of the chunk's first token in the output, from 0; <c>null</c> for the arrival of the request.</param>
/// <param name="Tokens">Number of tokens in the chunk; 0 for the arrival of the request.</param>
/// <param name="Timestamp">
/// When the request had arrived or the chunk was handed to the socket; a timestamp of the host's monotonic clock.
/// </param>
public readonly record struct SentToken(int? TokenIndex, int Tokens, long Timestamp);
