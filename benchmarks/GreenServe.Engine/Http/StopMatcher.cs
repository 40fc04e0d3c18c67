using System.Text;

namespace GreenServe.Engine.Http;

/// <summary>Ends an output at the first stop text, and holds back text that may be the beginning of a stop text.</summary>
internal sealed class StopMatcher(IReadOnlyList<string> stops)
{
    private readonly StringBuilder held = new();

    /// <summary>Whether the output has reached a stop text. No text may be sent after that.</summary>
    internal bool HasStopped { get; private set; }

    /// <summary>Adds output text and returns the text that may be sent.</summary>
    /// <param name="text">The new text.</param>
    /// <param name="mayStop">Whether stop texts end the output; <c>false</c> before the minimum number of tokens.</param>
    internal string Append(string text, bool mayStop)
    {
        if (stops.Count == 0)
        {
            return text;
        }

        held.Append(text);
        string all = held.ToString();
        if (mayStop && FirstStop(all) is { } end)
        {
            HasStopped = true;
            held.Clear();
            return all[..end];
        }

        int keep = LongestBeginning(all);
        held.Remove(0, all.Length - keep);
        return all[..^keep];
    }

    /// <summary>Returns the text that was held back. Call it when the output ends without a stop text.</summary>
    internal string Flush()
    {
        string rest = HasStopped ? "" : held.ToString();
        held.Clear();
        return rest;
    }

    /// <summary>Finds the place of the first stop text; <c>null</c> if the text has none.</summary>
    private int? FirstStop(string text)
    {
        int? first = null;
        foreach (string stop in stops)
        {
            int place = text.IndexOf(stop, StringComparison.Ordinal);
            if (place >= 0)
            {
                first = Math.Min(place, first ?? place);
            }
        }

        return first;
    }

    /// <summary>Finds the longest end of the text that is also the beginning of a stop text, and returns its length.</summary>
    private int LongestBeginning(string text)
    {
        int longest = 0;
        foreach (string stop in stops)
        {
            for (int length = Math.Min(stop.Length - 1, text.Length); length > longest; length--)
            {
                if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
                {
                    longest = length;
                }
            }
        }

        return longest;
    }
}
