using System.Globalization;
using GreenServe.Records;

namespace GreenServe.Serving.ClientAccuracy;

/// <summary>Reads the send log of the built-in server: <c>request_id,token_index,tokens,timestamp</c>.</summary>
public static class SendLogFile
{
    /// <summary>What was sent, by the client's name of the request, in the order of sending.</summary>
    /// <exception cref="InvalidInputException">The file is missing or a line is not what it should be.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<SentToken>> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new InvalidInputException(new Problem("send log", null, "an existing file", path));
        }

        Dictionary<string, IReadOnlyList<SentToken>> requests = [];
        int number = 1;
        foreach (string line in File.ReadLines(path).Skip(1))
        {
            number++;
            int quote = line.LastIndexOf('"');
            string[] fields = line[(quote + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries);
            if (quote < 1 || fields.Length != 3
                || !int.TryParse(fields[0], NumberStyles.Integer, CultureInfo.InvariantCulture, out int index)
                || !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out int tokens)
                || !long.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out long timestamp))
            {
                throw new InvalidInputException(new Problem("send log", line, "\"request\",token index,tokens,timestamp", path, number));
            }

            string request = line[1..quote].Replace("\"\"", "\"", StringComparison.Ordinal);
            if (!requests.TryGetValue(request, out IReadOnlyList<SentToken>? sent))
            {
                requests[request] = sent = new List<SentToken>();
            }

            ((List<SentToken>)sent).Add(new SentToken(index, tokens, timestamp));
        }

        return requests;
    }
}
