using System.Globalization;
using GreenServe.Records;

namespace GreenServe.Workloads.Schedules;

/// <summary>The part of a schedule that fits into the context of a server. What does not fit is not sent.</summary>
/// <param name="Schedule">The requests that fit, numbered from 0 again. It is the schedule itself where all fit.</param>
/// <param name="TooLong">Number of requests that do not fit.</param>
/// <param name="Note">How many do not fit and which they are, in one sentence; <c>null</c> where all fit.</param>
public sealed record ContextFit(RequestSchedule Schedule, int TooLong, string? Note)
{
    /// <summary>Requests that are named. All are counted.</summary>
    private const int MaxNamed = 3;

    /// <summary>Finds the requests that fit.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="contextTokens">Longest prompt and output together (tokens); <c>null</c> where it is not known: all fit.</param>
    /// <remarks>The turns after one that does not fit are longer still, and are not sent either.</remarks>
    /// <exception cref="InvalidInputException">No request fits.</exception>
    public static ContextFit Of(RequestSchedule schedule, int? contextTokens)
    {
        if (contextTokens is not { } limit)
        {
            return new ContextFit(schedule, 0, Note: null);
        }

        int tooLong = schedule.Requests.Count(request => LengthOf(request) > limit);
        if (tooLong == 0)
        {
            return new ContextFit(schedule, 0, Note: null);
        }

        string about = schedule.HasEstimatedInputs ? "about " : "";
        if (tooLong == schedule.Requests.Count)
        {
            ScheduledRequest shortest = schedule.Requests.MinBy(LengthOf);
            throw new InvalidInputException(new Problem(
                "requests",
                $"{tooLong} requests, of which the shortest has {about}{shortest.InputTokens} + {shortest.OutputTokens} tokens",
                $"requests of at most {limit} tokens, prompt and output together: the context of the server"));
        }

        IEnumerable<string> named = schedule.Requests.Where(request => LengthOf(request) > limit).Take(MaxNamed)
            .Select(request => string.Create(
                CultureInfo.InvariantCulture,
                $"request {request.Id}{PlaceOf(request)} with {about}{request.InputTokens} + {request.OutputTokens}"));
        string note = $"{tooLong} of {schedule.Requests.Count} requests were not sent, since prompt and output have more than the {limit} "
            + $"tokens of the server's context: {string.Join(", ", named)}{(tooLong > MaxNamed ? " and others" : "")}";
        return new ContextFit(Fitting(schedule, limit), tooLong, note);
    }

    private static RequestSchedule Fitting(RequestSchedule schedule, int limit)
    {
        // Users of a closed loop begin at the times at which they would have begun.
        Queue<double> begins = new(
            schedule.Requests.Where(request => schedule.IsFirstOfUser(request)).Select(request => request.ThinkSeconds));
        RequestColumns fitting = new(schedule.Classes);
        int session = -1;
        foreach (ScheduledRequest request in schedule.Requests.Where(request => LengthOf(request) <= limit))
        {
            bool isFirst = request.Turn is null or 0;
            session += isFirst ? 1 : 0;
            fitting.Add(request with
            {
                Id = fitting.Count,
                PrefixGroup = request.Turn is null ? request.PrefixGroup : session,
                ThinkSeconds = isFirst && begins.TryDequeue(out double begin) ? begin : request.ThinkSeconds,
            });
        }

        return schedule.With(fitting, schedule.VaryingSessions is null ? null : session + 1);
    }

    private static long LengthOf(ScheduledRequest request) => (long)request.InputTokens + request.OutputTokens;

    private static string PlaceOf(in ScheduledRequest request) =>
        request.Conversation is { Line: > 0 and var line } ? string.Create(CultureInfo.InvariantCulture, $" (line {line})") : "";
}
