using System.Globalization;
using GreenServe.Metering.Models;
using GreenServe.Metering.Remote;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Discovery;

/// <summary>Reads meter options as they are given on a command line.</summary>
public static class MeterOptionsParser
{
    /// <summary>Description of the allowed values of an option, for messages and help.</summary>
    public const string Allowed =
        "none; gpu=all|none|cuda|0,1|GPU-uuid; only=SCOPE[,SCOPE]; samples; remote=URL; dcgm=URL; " +
        "prometheus=URL,metric=NAME,scope=SCOPE,unit=watts|joules|millijoules; model=gpu|cpu,tdp=WATTS[,idle=WATTS]";

    /// <summary>No single device draws more (W); a larger number is a unit mixed up.</summary>
    private const double MaxWatts = 100_000;

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
        (string url, Dictionary<string, string> settings) = Settings(text, "metric", "scope", "unit");
        double? joules = settings.GetValueOrDefault("unit") switch
        {
            "watts" => null,
            "joules" => 1,
            "millijoules" => 1e-3,
            _ => throw new FormatException("unit=watts, unit=joules or unit=millijoules"),
        };
        return new PrometheusTarget(
            Address(url),
            settings.GetValueOrDefault("metric") ?? throw new FormatException("metric=NAME"),
            Scope(settings.GetValueOrDefault("scope")),
            joules);
    }

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
        string[] parts = text.Split(',');
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

    private static MeterScope Scope(string? text) => text is not null && EnumText.TryParse(text, out MeterScope scope)
        ? scope
        : throw new FormatException($"a scope of {string.Join(", ", Enum.GetValues<MeterScope>().Select(EnumText.Of))}");

    private static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
            ? address!
            : throw new FormatException("an address that begins with http:// or https://");
}
