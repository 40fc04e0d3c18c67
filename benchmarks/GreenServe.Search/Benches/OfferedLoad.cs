using System.Globalization;
using GreenServe.Workloads.Arrivals;

namespace GreenServe.Search.Benches;

/// <summary>A load that a server is offered: a number of users, or a rate of requests.</summary>
/// <remarks>Exactly one of <see cref="Users"/> and <see cref="RequestsPerSecond"/> is set.</remarks>
public readonly record struct OfferedLoad
{
    private OfferedLoad(int? users, double? requestsPerSecond)
    {
        Users = users;
        RequestsPerSecond = requestsPerSecond;
    }

    /// <summary>Users of a closed loop, each with one request in flight at a time; <c>null</c> for a rate.</summary>
    public int? Users { get; }

    /// <summary>Mean arrivals of a Poisson process in requests per second; <c>null</c> for users.</summary>
    public double? RequestsPerSecond { get; }

    /// <summary>The load in words, for example <c>4 users</c> or <c>2.5 requests/s</c>.</summary>
    public string Text => Users is { } users
        ? string.Create(CultureInfo.InvariantCulture, $"{users} {(users == 1 ? "user" : "users")}")
        : string.Create(CultureInfo.InvariantCulture, $"{RequestsPerSecond:G4} requests/s");

    /// <summary>The name of the load's record, for example <c>users-4</c> or <c>rate-2.5</c>.</summary>
    public string Id => Users is { } users
        ? string.Create(CultureInfo.InvariantCulture, $"users-{users}")
        : string.Create(CultureInfo.InvariantCulture, $"rate-{RequestsPerSecond:R}");

    /// <summary>The arrivals that offer the load.</summary>
    internal ArrivalProcess Arrival => Users is { } users
        ? new ClosedLoopArrival { Concurrency = users }
        : new PoissonArrival { RequestsPerSecond = RequestsPerSecond!.Value };

    /// <summary>A number of users.</summary>
    /// <param name="users">At least 1.</param>
    public static OfferedLoad OfUsers(int users) => new(users, null);

    /// <summary>A rate.</summary>
    /// <param name="requestsPerSecond">Mean arrivals in requests per second, above 0.</param>
    public static OfferedLoad OfRate(double requestsPerSecond) => new(null, requestsPerSecond);

    /// <inheritdoc />
    public override string ToString() => Text;
}
