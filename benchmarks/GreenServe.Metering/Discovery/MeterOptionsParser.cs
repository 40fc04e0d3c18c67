using System.Globalization;
using GreenServe.Metering.Models;
using GreenServe.Metering.Remote;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Http;
using GreenServe.Records.Measurements;
using GreenServe.Records.Prometheus;

namespace GreenServe.Metering.Discovery;

/// <summary>Reads meter options as they are given on a command line.</summary>
public static class MeterOptionsParser
{
    /// <summary>Description of the allowed values of an option, for messages and help.</summary>
    public static string Allowed { get; } =
        "none; gpu=all|none|cuda|0,1|GPU-uuid; only=SCOPE[,SCOPE]; samples; remote=URL; dcgm=URL; " +
        $"prometheus=URL,metric=NAME[{{label=\"value\"}}],scope=SCOPE,unit={MetricUnit.Names}[,ceiling=WATTS]; " +
        "model=gpu|cpu,tdp=WATTS[,idle=WATTS]";

    /// <summary>No single device draws more (W); a larger number is a unit mixed up.</summary>
    private const double MaxWatts = 100_000;

    /// <summary>No machine that one meter covers draws more (W).</summary>
    private const double MaxCeilingWatts = 10_000_000;

    internal static MeterOptions Parse(IEnumerable<string> texts)
    {
        MeterOptions options = new();
        List<Problem> problems = [];
        foreach (string text in texts.Select(text => text.Trim()).Where(text => text.Length > 0))
        {
            try
            {
                options = Apply(options, text);
            }
            catch (FormatException exception)
            {
                problems.Add(new Problem("meters", text, exception.Message));
            }
        }

        return problems.Count == 0 ? options : throw new InvalidInputException(problems);
    }

    private static MeterOptions Apply(MeterOptions options, string text)
    {
        return text.Split('=', 2) switch
        {
            ["none"] => options with { UsesThisMachine = false },
            ["samples"] => options with { WithPowerSamples = true },
            ["gpu", { Length: > 0 } gpus] => options with { Gpus = gpus },
            ["only", var scopes] => options with { Scopes = [.. scopes.Split(',').Select(Scope)] },
            ["remote", var address] => options with { Remotes = [.. options.Remotes, Address(address)] },
            ["dcgm", var address] => options with { Prometheus = [.. options.Prometheus, .. PrometheusTarget.Dcgm(Address(address))] },
            ["prometheus", var target] => options with { Prometheus = [.. options.Prometheus, Target(target)] },
            ["model", var model] => options with { Models = [.. options.Models, Model(model)] },
            _ => throw new FormatException(Allowed),
        };
    }

    private static PrometheusTarget Target(string text)
    {
        (string url, Dictionary<string, string> settings) = Settings(text, "metric", "scope", "unit", "ceiling");
        MetricUnit unit = MetricUnit.Of(settings.GetValueOrDefault("unit")) ?? throw new FormatException($"unit={MetricUnit.Names}");
        string selected = settings.GetValueOrDefault("metric") ?? throw new FormatException("metric=NAME");
        int brace = selected.IndexOf('{', StringComparison.Ordinal);
        string metric = brace < 0 ? selected : selected[..brace].TrimEnd();
        if (metric.Length == 0)
        {
            throw new FormatException("metric=NAME");
        }

        if (MetricUnit.OfMetric(metric) is { } stated && stated != unit)
        {
            throw new FormatException($"unit={stated.Name}, the unit that the name {metric} states");
        }

        return new PrometheusTarget(Address(url), metric, Scope(settings.GetValueOrDefault("scope")), unit)
        {
            Selector = brace < 0 ? LabelSelector.All : LabelSelector.Parse(selected[brace..]),
            CeilingWatts = settings.TryGetValue("ceiling", out string? ceiling) ? Ceiling(ceiling) : null,
        };
    }

    private static double Ceiling(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double watts) && watts is > 0 and <= MaxCeilingWatts
            ? watts
            : throw new FormatException("ceiling=WATTS in (0, 10000000], the most that the device can draw");

    private static UtilizationPowerModel Model(string text)
    {
        (string kind, Dictionary<string, string> settings) = Settings(text, "tdp", "idle");
        MeterScope scope = kind switch
        {
            "gpu" => MeterScope.Gpu,
            "cpu" => MeterScope.CpuPackage,
            _ => throw new FormatException("model=gpu or model=cpu"),
        };
        double tdp = Watts(settings.GetValueOrDefault("tdp"));
        double idle = settings.TryGetValue("idle", out string? idleText) ? Watts(idleText) : 0;
        return idle < tdp ? new UtilizationPowerModel(scope, tdp, idle) : throw new FormatException("idle below tdp");
    }

    private static double Watts(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double watts) && watts is > 0 and <= MaxWatts
            ? watts
            : throw new FormatException("tdp=WATTS and idle=WATTS in (0, 100000]");

    private static (string First, Dictionary<string, string> Settings) Settings(string text, params string[] known)
    {
        string[] parts = [.. Parts(text)];
        Dictionary<string, string> settings = [];
        foreach (string part in parts[1..])
        {
            string[] pair = part.Split('=', 2);
            if (pair.Length != 2 || !known.Contains(pair[0]) || !settings.TryAdd(pair[0], pair[1]))
            {
                throw new FormatException($"after the first comma {string.Join(", ", known.Select(name => $"{name}=..."))}, each once");
            }
        }

        return (parts[0], settings);
    }

    /// <summary>The parts of a text between commas. A comma between braces or quotes is no border.</summary>
    private static IEnumerable<string> Parts(string text)
    {
        int begin = 0;
        bool isInBraces = false;
        char? quote = null;
        for (int position = 0; position < text.Length; position++)
        {
            char sign = text[position];
            if (quote is not null)
            {
                position += sign == '\\' ? 1 : 0;
                quote = sign == quote ? null : quote;
            }
            else if (isInBraces && sign is '"' or '\'')
            {
                quote = sign;
            }
            else if (sign is '{' or '}')
            {
                isInBraces = sign == '{';
            }
            else if (sign == ',' && !isInBraces)
            {
                yield return text[begin..position];
                begin = position + 1;
            }
        }

        yield return text[begin..];
    }

    private static MeterScope Scope(string? text) => text is not null && EnumText.TryParse(text, out MeterScope scope)
        ? scope
        : throw new FormatException($"a scope of {string.Join(", ", Enum.GetValues<MeterScope>().Select(EnumText.Of))}");

    private static Uri Address(string text) => HttpAddress.Parse(text) ?? throw new FormatException(HttpAddress.Allowed);
}
