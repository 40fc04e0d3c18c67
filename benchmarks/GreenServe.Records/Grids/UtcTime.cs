using System.Globalization;

namespace GreenServe.Records.Grids;

/// <summary>Times of day in files and options: ISO 8601 in UTC, which has no hour twice and leaves none out.</summary>
public static class UtcTime
{
    /// <summary>What is allowed, in words.</summary>
    public const string Allowed = "a time in UTC such as 2025-03-01T18:00:00Z";

    private const string Format = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private static readonly string[] Formats =
        [Format, "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'+00:00'", "yyyy-MM-dd'T'HH:mm'+00:00'"];

    /// <summary>The time that a text states; <c>null</c> where it is not one of the accepted forms.</summary>
    /// <param name="text">The text, for example <c>2025-03-01T18:00Z</c>.</param>
    public static DateTimeOffset? Parse(string text) => DateTimeOffset.TryParseExact(
        text.Trim(), Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;

    /// <summary>A time as a text that <see cref="Parse"/> reads back to the second.</summary>
    /// <param name="time">The time.</param>
    public static string Of(DateTimeOffset time) => time.ToUniversalTime().ToString(Format, CultureInfo.InvariantCulture);
}
