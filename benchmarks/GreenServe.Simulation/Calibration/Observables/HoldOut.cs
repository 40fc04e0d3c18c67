using System.Globalization;
using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;
using GreenServe.Records;

namespace GreenServe.Simulation.Calibration.Observables;

/// <summary>The operating points that a calibration does not fit to, so that their errors say how well the twin predicts.</summary>
/// <param name="ShareRatio">Share of the operating points, from 0 to 0.9; <c>null</c> where patterns name them.</param>
/// <param name="Patterns">
/// Patterns of names, with <c>*</c> and <c>?</c>: EXPERIMENT/POINT, the name of a record or point, or its path.
/// </param>
/// <param name="IsAsked">Whether the user asked for it. The default gives way where there are few operating points.</param>
public sealed record HoldOut(double? ShareRatio, IReadOnlyList<string> Patterns, bool IsAsked)
{
    /// <summary>Fewest operating points of which some are held out by default. With fewer, each is predicted from all others.</summary>
    public const int MinPoints = 8;

    /// <summary>Share of the operating points that is held out by default.</summary>
    public const double DefaultRatio = 0.3;

    private const double MaxRatio = 0.9;

    /// <summary>The default: <see cref="DefaultRatio"/> of the operating points where there are <see cref="MinPoints"/>.</summary>
    public static HoldOut Default { get; } = new(DefaultRatio, [], IsAsked: false);

    /// <summary>Nothing is held out.</summary>
    public static HoldOut None { get; } = new(0, [], IsAsked: true);

    /// <summary>Reads what a user asks for: one share, or patterns of names; the default for nothing.</summary>
    /// <param name="texts">The texts.</param>
    /// <exception cref="InvalidInputException">A share is out of range, or stands beside other texts.</exception>
    public static HoldOut Parse(IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return Default;
        }

        string[] numbers = [.. texts.Where(text => Number(text) is not null)];
        if (numbers.Length == 0)
        {
            return new HoldOut(null, texts, IsAsked: true);
        }

        return texts.Count == 1 && Number(texts[0]) is >= 0 and <= MaxRatio and var share
            ? new HoldOut(share, [], IsAsked: true)
            : throw new InvalidInputException(new Problem(
                "--hold-out", string.Join(", ", texts), "one share from 0 to 0.9, or names of records or points, such as 'load/*'"));
    }

    /// <summary>The names of the operating points that are held out. The choice depends on the names alone.</summary>
    /// <param name="loads">The loads that constants may be fitted to.</param>
    /// <exception cref="InvalidInputException">A pattern matches nothing.</exception>
    internal IReadOnlySet<string> Of(IReadOnlyList<ObservedLoad> loads)
    {
        string[] points = [.. loads.Select(load => load.OperatingPoint).Distinct()];
        if (ShareRatio is { } share)
        {
            bool isTooFew = !IsAsked && points.Length < MinPoints;
            int count = isTooFew ? 0 : (int)Math.Round(share * points.Length, MidpointRounding.AwayFromZero);
            return points.OrderBy(Digest, StringComparer.Ordinal).Take(count).ToHashSet();
        }

        Problem[] problems = [.. Patterns.Where(pattern => !loads.Any(load => Matches(load, pattern))).Select(pattern =>
            new Problem("--hold-out", pattern, "a pattern that matches a record or point that can be fitted to, such as 'load/*'"))];
        return problems.Length > 0
            ? throw new InvalidInputException(problems)
            : loads.Where(load => Patterns.Any(pattern => Matches(load, pattern))).Select(load => load.OperatingPoint).ToHashSet();
    }

    /// <summary>
    /// The parts of a cross-validation: each operating point alone where there are fewer than <see cref="MinPoints"/>, else five parts.
    /// </summary>
    internal static IReadOnlyList<IReadOnlySet<string>> Folds(IReadOnlyList<ObservedLoad> loads)
    {
        string[] points = [.. loads.Select(load => load.OperatingPoint).Distinct().OrderBy(Digest, StringComparer.Ordinal)];
        int folds = points.Length < MinPoints ? points.Length : 5;
        return [.. Enumerable.Range(0, folds).Select(fold => points.Where((_, index) => index % folds == fold).ToHashSet())];
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    private static bool Matches(ObservedLoad load, string pattern) =>
        new[] { load.OperatingPoint, load.Name, load.Path }
            .Any(name => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));

    /// <summary>A text that orders names without regard to what they say, so that a choice by it favours no kind of load.</summary>
    private static string Digest(string name) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
