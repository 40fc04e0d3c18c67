using System.Text;
using GreenServe.Running.Live;
using GreenServe.Watching.Courses;

namespace GreenServe.Watching.Pages;

/// <summary>News as server-sent events. The events and their data are described in docs/reference/live-stream.md.</summary>
internal static class EventText
{
    /// <summary>How long a browser waits before it connects again (ms).</summary>
    private const int RetryMilliseconds = 1000;

    // Moments are sent in parts, so that no line is longer than some hundred kilobytes.
    private const int MaxMomentsInEvent = 300;
    private const int MaxPointsInEvent = 500;

    /// <summary>The events that tell the news; a comment where there are none.</summary>
    internal static string Of(LiveNews news)
    {
        StringBuilder text = new();
        if (news.IsNewCourse)
        {
            // A reader that knows the ended points already gets none of them again.
            bool isNewReader = news.Ended.Count == news.Bookmark.Ended;
            text.Append("retry: ").Append(RetryMilliseconds).Append('\n');
            Append(text, "course", new { forgets_ended = isNewReader });
        }

        foreach (LiveMoment[] part in news.Moments.Chunk(MaxMomentsInEvent))
        {
            Append(text, "moments", part);
        }

        foreach (LivePointResult[] part in news.Ended.Chunk(MaxPointsInEvent))
        {
            Append(text, "ended", part);
        }

        foreach (LiveTrial[] part in news.Trials.Chunk(MaxPointsInEvent))
        {
            Append(text, "trials", part);
        }

        if (news.State is { } state)
        {
            Append(text, "state", state);
        }

        if (news.IsComplete)
        {
            Append(text, "end", new { });
        }

        return text.Length > 0 ? text.ToString() : ": nothing new\n\n";
    }

    private static void Append<T>(StringBuilder text, string name, T data) =>
        text.Append("event: ").Append(name).Append("\ndata: ").Append(EventJson.Of(data)).Append("\n\n");
}
