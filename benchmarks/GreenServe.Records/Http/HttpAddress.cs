using System.Net;
using System.Text.RegularExpressions;

namespace GreenServe.Records.Http;

/// <summary>The address of an HTTP service: how it is read, extended by a path, and shown without the secrets that it may hold.</summary>
public static class HttpAddress
{
    /// <summary>The addresses that are allowed, in words that follow "want".</summary>
    public const string Allowed =
        "an http or https address without user name, password and fragment, for example http://127.0.0.1:8000, which "
        + "also reaches a server that listens on 0.0.0.0 or [::]";

    /// <summary>Stands for a part of an address that may be secret.</summary>
    private const string Hidden = "***";

    /// <summary>
    /// Shortest value of a query that is searched for in foreign texts, in characters. A shorter value would be found in ordinary words.
    /// </summary>
    private const int MinSecretLength = 6;

    // A password may hold any sign, so everything up to the last @ of an address belongs to it. The texts may be long and foreign, so the
    // expressions take time in proportion to their length.
    private static readonly Regex UserOfAddress = new(@"://(\S*|[^/\r\n]*)@", RegexOptions.NonBacktracking);
    private static readonly Regex UserWithoutScheme = new(@"(^|[\s=])[^\s=@:]*:\S*@", RegexOptions.NonBacktracking);
    private static readonly Regex QueryOfAddress = new(@"(://[^\s?]*)\?\S+", RegexOptions.NonBacktracking);
    private static readonly Regex FragmentOfAddress = new(@"(://[^\s#]*)#\S+", RegexOptions.NonBacktracking);

    /// <summary>Reads an address.</summary>
    /// <param name="text">The address as a user gave it.</param>
    /// <returns>
    /// The address; <c>null</c> if it is none of <see cref="Allowed"/>. A user name and a password are refused because they are not sent
    /// and would appear in messages; 0.0.0.0 and [::] because a server listens on them and no request can be sent there.
    /// </returns>
    public static Uri? Parse(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
        && address.Scheme is "http" or "https"
        && address!.UserInfo.Length == 0
        && address.Fragment.Length == 0
        && !IsOnlyListenedOn(address)
            ? address
            : null;

    /// <summary>The address of a path of a service. The query of the service's own address is kept, since every path needs it.</summary>
    /// <param name="root">Address of the service.</param>
    /// <param name="path">The path: below the root, or from the host on if it begins with a slash.</param>
    public static Uri At(Uri root, string path)
    {
        UriBuilder folder = new(root) { Query = "", Fragment = "" };
        folder.Path = folder.Path.EndsWith('/') ? folder.Path : folder.Path + "/";
        return new UriBuilder(new Uri(folder.Uri, path)) { Query = root.Query }.Uri;
    }

    /// <summary>The address for a message: its query is hidden, as it may hold a key.</summary>
    /// <param name="address">An address.</param>
    public static string Shown(Uri address) => Masked(address.AbsoluteUri);

    /// <summary>A text in which user names, passwords, queries and fragments of addresses are hidden.</summary>
    /// <param name="text">Any text, for example a message, or an address that could not be read.</param>
    public static string Masked(string text)
    {
        string masked = text.Contains("://", StringComparison.Ordinal)
            ? UserOfAddress.Replace(text, $"://{Hidden}@")
            : UserWithoutScheme.Replace(text, $"$1{Hidden}@");
        return FragmentOfAddress.Replace(QueryOfAddress.Replace(masked, $"$1?{Hidden}"), $"$1#{Hidden}");
    }

    /// <summary>A foreign text in which the query of an address is hidden, because a server may repeat it whole or in part.</summary>
    /// <param name="text">What the server sent.</param>
    /// <param name="address">The address of the server.</param>
    public static string WithoutQueryOf(string text, Uri address) =>
        SecretsOf(address).Aggregate(text, (shown, secret) => shown.Replace(secret, Hidden, StringComparison.Ordinal));

    /// <summary>
    /// What may be secret of an address: its query, each <c>name=value</c> of it, and each value of six letters or more. A shorter value
    /// alone would be found in ordinary words.
    /// </summary>
    /// <param name="address">An address.</param>
    /// <returns>The texts, the longest first; none where the address has no query.</returns>
    public static IReadOnlyList<string> SecretsOf(Uri address)
    {
        string query = address.Query.TrimStart('?');
        string[] parts = query.Split('&', StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> pairs = parts.Where(part => part.Contains('=', StringComparison.Ordinal) && part[^1] != '=');
        IEnumerable<string> values = parts.Select(part => part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        return
        [
            .. WithDecoded(parts.Length == 0 ? [] : [$"?{query}"])
                .Concat(WithDecoded(pairs))
                .Concat(WithDecoded(values).Where(value => value.Length >= MinSecretLength))
                .Distinct()
                .OrderByDescending(secret => secret.Length),
        ];
    }

    private static bool IsOnlyListenedOn(Uri address) =>
        IPAddress.TryParse(address.IdnHost, out IPAddress? ip)
        && (ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip) is var plain
        && (plain.Equals(IPAddress.Any) || plain.Equals(IPAddress.IPv6Any));

    private static IEnumerable<string> WithDecoded(IEnumerable<string> texts) =>
        texts.SelectMany(text => new[] { text, Uri.UnescapeDataString(text) });
}
