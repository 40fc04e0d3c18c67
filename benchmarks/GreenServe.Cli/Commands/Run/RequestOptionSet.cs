using System.CommandLine;
using GreenServe.Cli.Commands.Backends;
using GreenServe.Engine.CommandLine;
using GreenServe.Records;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.OpenAi;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The options that change what is sent to a foreign server: headers, body, sampling, adapters and certificates.</summary>
internal sealed class RequestOptionSet
{
    private const double MaxTemperature = 2;
    private const double MaxExponent = 10;

    private readonly Option<string[]> header = new("--header")
    {
        Description = "Header sent with every request, as \"Name: value\", or as \"Name: env:VARIABLE\" for a value of the environment. "
            + "May be repeated. No value reaches a record, a message or a log. Default: none.",
        HelpName = "HEADER",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> body = new("--body")
    {
        Description = "File with a JSON object whose members are added to each request. A member takes the place of the suite's own of "
            + "that name. Members that the workload decides, such as model, prompt and max_tokens, are refused. Default: none.",
        HelpName = "FILE",
    };

    private readonly Option<string[]> omit = new("--omit")
    {
        Description = $"Members that are left out of each request, with commas between them: {string.Join(", ", BodyMembers.Omittable)}. "
            + "What the server then does not tell is not measured. Default: none.",
        HelpName = "NAMES",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<double?> temperature = new Option<double?>("--temperature")
    {
        Description = "Temperature of sampling, 0 to 2. Default: 0, the most likely token.",
        HelpName = "N",
    }.Require(value => value is >= 0 and <= MaxTemperature, "a number in [0, 2]");

    private readonly Option<double?> topP = new Option<double?>("--top-p")
    {
        Description = "Share of probability from which tokens are drawn, above 0 to 1. Default: the server's own.",
        HelpName = "N",
    }.Require(value => value is > 0 and <= 1, "a number in (0, 1]");

    private readonly Option<int?> topK = new Option<int?>("--top-k")
    {
        Description = "Number of most likely tokens from which one is drawn, at least 1. Default: the server's own.",
        HelpName = "N",
    }.Require(value => value >= 1, "a whole number of at least 1");

    private readonly Option<long?> samplingSeed = new Option<long?>("--sampling-seed")
    {
        Description = "Seed that each request asks the server to draw with, at least 0. Default: the server's own.",
        HelpName = "N",
    }.Require(value => value >= 0, "a whole number of at least 0");

    private readonly Option<string?> adapters = new("--adapters")
    {
        Description = "Names of adapters (LoRA) with commas between them, the most popular first. Each request asks for one of them in "
            + "place of the model. They are drawn by a power law from the workload's seed. Default: none.",
        HelpName = "NAMES",
    };

    private readonly Option<double> adapterExponent = new Option<double>("--adapter-exponent")
    {
        Description = "Exponent of that power law, 0 to 10: the adapter at place k is drawn in proportion to 1/k^N. 0: all alike.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    }.Require(value => value is >= 0 and <= MaxExponent, "a number in [0, 10]");

    private readonly Option<string?> authority = new("--ca")
    {
        Description = "PEM file with the certificates of the authorities that are trusted for an https endpoint, in place of those of this "
            + "system. Default: those of this system.",
        HelpName = "FILE",
    };

    private readonly Option<string?> clientCertificate = new("--client-cert")
    {
        Description = "PEM file with the certificate that this client shows to an https endpoint. Needs --client-key. Default: none.",
        HelpName = "FILE",
    };

    private readonly Option<string?> clientKey = new("--client-key")
    {
        Description = "PEM file with the private key of that certificate, without a password. Default: none.",
        HelpName = "FILE",
    };

    internal void AddTo(Command command, OptionUses uses) => uses.Add(
        command,
        ServerKinds.Foreign,
        header, body, omit, temperature, topP, topK, samplingSeed, adapters, adapterExponent, authority, clientCertificate, clientKey);

    /// <summary>Applies the options to a connection.</summary>
    /// <exception cref="InvalidInputException">Every option that cannot be used.</exception>
    internal OpenAiOptions Apply(ParseResult parsed, OpenAiOptions options)
    {
        OpenAiOptions applied = options;
        Problem[] problems =
        [
            .. InvalidInputException.ProblemsOf(() => applied = applied with { Headers = Headers(parsed, options) }),
            .. InvalidInputException.ProblemsOf(() => applied = applied with { Members = Members(parsed) }),
            .. InvalidInputException.ProblemsOf(() => applied = applied with { Adapters = Adapters(parsed) }),
            .. InvalidInputException.ProblemsOf(() => applied = applied with { Tls = Tls(parsed, options) }),
        ];
        return problems.Length > 0 ? throw new InvalidInputException(problems) : applied with
        {
            Sampling = new SamplingOptions
            {
                Temperature = parsed.GetValue(temperature),
                TopProbability = parsed.GetValue(topP),
                TopK = parsed.GetValue(topK),
                Seed = parsed.GetValue(samplingSeed),
            },
        };
    }

    private IReadOnlyList<SecretHeader> Headers(ParseResult parsed, OpenAiOptions options)
    {
        IReadOnlyList<SecretHeader> headers = SecretHeader.Parse(header.Name, parsed.GetRequiredValue(header));
        bool isDouble = options.ApiKey is not null
            && headers.Any(given => given.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase));
        return isDouble
            ? throw new InvalidInputException(new Problem(header.Name, "the header Authorization beside an API key", "one of the two"))
            : headers;
    }

    private BodyMembers Members(ParseResult parsed)
    {
        string[] omitted = [.. parsed.GetRequiredValue(omit)
            .SelectMany(names => names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
        BodyMembers members = BodyMembers.Read(body.Name, parsed.GetValue(body), omit.Name, omitted);
        (Option Option, string Member)[] sampling =
            [(temperature, "temperature"), (topP, "top_p"), (topK, "top_k"), (samplingSeed, "seed")];
        Problem[] problems =
        [
            .. sampling.Where(item => parsed.IsGiven(item.Option) && members.Added.Concat(members.Omitted).Contains(item.Member))
                .Select(item => new Problem(
                    item.Option.Name, $"it with {item.Member} in {body.Name} or {omit.Name}", "each member once")),
        ];
        return problems.Length > 0 ? throw new InvalidInputException(problems) : members;
    }

    private AdapterMix? Adapters(ParseResult parsed)
    {
        if (parsed.GetValue(adapters) is not { } given)
        {
            return parsed.IsGiven(adapterExponent)
                ? throw new InvalidInputException(
                    new Problem(adapterExponent.Name, $"it without {adapters.Name}", $"{adapters.Name} with it"))
                : null;
        }

        string[] names = given.Split(',', StringSplitOptions.TrimEntries);
        return Array.Exists(names, name => name.Length == 0) || names.Distinct(StringComparer.Ordinal).Count() < names.Length
            ? throw new InvalidInputException(new Problem(adapters.Name, given, "different names with commas between them"))
            : new AdapterMix(names, parsed.GetValue(adapterExponent));
    }

    private TlsOptions? Tls(ParseResult parsed, OpenAiOptions options)
    {
        Option[] given = [.. new Option[] { authority, clientCertificate, clientKey }.Where(parsed.IsGiven)];
        if (given.Length == 0)
        {
            return null;
        }

        return options.Endpoint.Scheme == Uri.UriSchemeHttps
            ? TlsOptions.Read(
                (authority.Name, clientCertificate.Name, clientKey.Name),
                parsed.GetValue(authority),
                parsed.GetValue(clientCertificate),
                parsed.GetValue(clientKey))
            : throw new InvalidInputException([.. given.Select(option => new Problem(
                option.Name, "it with an endpoint without TLS", "an endpoint that begins with https"))]);
    }
}
