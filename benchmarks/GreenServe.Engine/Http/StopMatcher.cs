using System.Text;

namespace GreenServe.Engine.Http;

/// <summary>Ends an output at the first stop text, and holds back text that may turn out to be the beginning of one.</summary>
internal sealed class StopMatcher(IReadOnlyList<string> stops)
{
    private readonly StringBuilder held = new();

    /// <summary>Whether a stop text has been seen; nothing more is to be sent then.</summary>
    internal bool HasStopped { get; private set; }

    /// <summary>Adds output text and gives back what may be sent.</summary>
    /// <param name="text">New text.</param>
    /// <param name="mayStop">Whether stop texts count already.</param>
    internal string Append(string text, bool mayStop)
    {
        if (stops.Count == 0)
        {
            return text;
        }

        held.Append(text);
        string all = held.ToString();
        int end = mayStop ? FirstStop(all) : -1;
        if (end >= 0)
        {
            HasStopped = true;
            held.Clear();
            return all[..end];
        }

        int keep = LongestBeginning(all);
        held.Remove(0, all.Length - keep);
        return all[..^keep];
    }

    /// <summary>What was held back when the output ends by itself.</summary>
    internal string Flush()
    {
        string rest = HasStopped ? "" : held.ToString();
        held.Clear();
        return rest;
    }

    private int FirstStop(string text)
    {
        int first = -1;
        foreach (string stop in stops)
        {
            int place = text.IndexOf(stop, StringComparison.Ordinal);
            first = place >= 0 && (first < 0 || place < first) ? place : first;
        }

        return first;
    }

    /// <summary>Length of the longest end of the text that begins a stop text.</summary>
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
