namespace Microscale.Guard;

/// <summary>What tokens cost, so that telemetry can tell what the guard spends
/// (<see cref="HallucinationGuardBuilder.PriceTokens"/>).</summary>
/// <remarks>Not to be changed once a guard was made with it.</remarks>
public sealed class TokenPrices
{
    /// <summary>The currency, as ISO 4217 has it.</summary>
    /// <value>The default value is <c>USD</c>.</value>
    public string Currency { get; set; } = "USD";

    /// <summary>The prices by the name of the model, as responses have it. A name that is the beginning of a response's is enough
    /// (<c>gpt-4o</c> for <c>gpt-4o-2024-08-06</c>); the longest counts.</summary>
    public IDictionary<string, TokenPrice> Models { get; } = new Dictionary<string, TokenPrice>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What tokens of a model cost; null when its price is not known.</summary>
    internal double? CostOf(string? model, long input, long output)
    {
        if (model is null)
        {
            return null;
        }

        if (!Models.TryGetValue(model, out var price))
        {
            var length = 0;
            foreach (var (name, candidate) in Models)
            {
                if (name.Length > length && model.StartsWith(name, StringComparison.OrdinalIgnoreCase))
                {
                    (length, price) = (name.Length, candidate);
                }
            }
        }

        return price is null ? null : ((input * price.InputPerMillion) + (output * price.OutputPerMillion)) / 1_000_000;
    }

    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Currency))
        {
            throw new InvalidOperationException($"{nameof(TokenPrices)}.{nameof(Currency)} is empty: set it to a code such as USD.");
        }

        foreach (var (name, price) in Models)
        {
            if (name.Length == 0 || price is not { InputPerMillion: >= 0 and < double.PositiveInfinity, OutputPerMillion: >= 0 and < double.PositiveInfinity })
            {
                throw new InvalidOperationException(
                    $"{nameof(TokenPrices)}.{nameof(Models)} has no usable price for '{name}': name the model, and set both prices to 0 or above.");
            }
        }
    }
}

/// <summary>What a million tokens of a model cost.</summary>
public sealed class TokenPrice
{
    /// <summary>The price of a million tokens that the model reads.</summary>
    public double InputPerMillion { get; set; }

    /// <summary>The price of a million tokens that the model writes.</summary>
    public double OutputPerMillion { get; set; }
}
