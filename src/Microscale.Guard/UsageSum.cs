using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Adds up what calls of models cost.</summary>
internal static class UsageSum
{
    /// <summary>The sum of what is known; null when nothing is. The parts are not changed.</summary>
    public static UsageDetails? Of(params ReadOnlySpan<UsageDetails?> parts)
    {
        UsageDetails? sum = null;
        foreach (var part in parts)
        {
            if (part is not null)
            {
                (sum ??= new()).Add(part);
            }
        }

        return sum;
    }
}
