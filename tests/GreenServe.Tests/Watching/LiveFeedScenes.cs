using GreenServe.Running.Live;
using GreenServe.Watching.Courses;

namespace GreenServe.Tests.Watching;

/// <summary>Plays scenes into a history, second by second, without waiting.</summary>
internal static class LiveFeedScenes
{
    /// <summary>Copies the snapshots of some seconds, the last one included.</summary>
    internal static void Play(PageHistory history, Func<double, LiveSnapshot> scene, int from, int to)
    {
        for (int second = from; second <= to; second++)
        {
            LiveState state = LiveFeed.StateOf(scene(second));
            history.Show(state, [state.Now], scene(second).Ended);
        }
    }
}
