using System.Globalization;

namespace Microscale.Guard.Benchmarks.Quick;

/// <summary>The files of an application: one in sixteen talks to a model, as in applications that are built around one, with two calls
/// that a rule reports; and one in four has calls and comparisons of the names that rules look for, of other types.</summary>
internal static class ApplicationCode
{
    private const string Header = """
        using System;
        using System.Collections.Generic;
        using System.Globalization;
        using System.Linq;
        using System.Text;
        using System.Threading;
        using System.Threading.Tasks;

        namespace Application.Area#;

        """;

    private const string Entity = """
        public sealed record Order#(Guid Id, string Customer, IReadOnlyList<OrderLine#> Lines, DateTimeOffset Placed)
        {
            public decimal Total => Lines.Sum(line => line.Price * line.Quantity);
            public bool IsLarge => Total > 1_000m && Lines.Count > 3;
            public Order# With(OrderLine# line) => this with { Lines = Lines.Append(line).ToList() };
        }

        public sealed record OrderLine#(string Product, int Quantity, decimal Price);

        public interface IOrders#
        {
            Task<Order#?> FindAsync(Guid id, CancellationToken cancellationToken);
            Task AddAsync(Order# order, CancellationToken cancellationToken);
            IAsyncEnumerable<Order#> ListAsync(string customer, CancellationToken cancellationToken);
        }

        """;

    private const string Service = """
        public sealed class Orders# : IOrders#
        {
            private readonly Dictionary<Guid, Order#> _orders = new();
            private readonly SemaphoreSlim _gate = new(1);
            private int _reads;

            public async Task<Order#?> FindAsync(Guid id, CancellationToken cancellationToken)
            {
                await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    _reads++;
                    return _orders.TryGetValue(id, out var order) ? order : null;
                }
                finally
                {
                    _gate.Release();
                }
            }

            public Task AddAsync(Order# order, CancellationToken cancellationToken)
            {
                if (order is null)
                {
                    throw new ArgumentNullException(nameof(order));
                }

                cancellationToken.ThrowIfCancellationRequested();
                _orders[order.Id] = order;
                return Task.CompletedTask;
            }

            public async IAsyncEnumerable<Order#> ListAsync(string customer, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
            {
                foreach (var order in _orders.Values.Where(o => string.Equals(o.Customer, customer, StringComparison.OrdinalIgnoreCase)).OrderByDescending(o => o.Placed))
                {
                    await Task.Yield();
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return order;
                }
            }

            public string Report()
            {
                var text = new StringBuilder();
                foreach (var group in _orders.Values.GroupBy(o => o.Customer))
                {
                    text.Append(group.Key).Append(": ").AppendLine(group.Sum(o => o.Total).ToString("0.00", CultureInfo.InvariantCulture));
                    foreach (var line in group.SelectMany(o => o.Lines).Distinct())
                    {
                        text.AppendFormat(CultureInfo.InvariantCulture, "  {0} x {1} at {2}", line.Quantity, line.Product, line.Price).AppendLine();
                    }
                }

                return _reads > 10 ? text.ToString().ToUpperInvariant() : text.ToString();
            }
        }

        public static class OrderRules#
        {
            public static string Grade(Order# order) => order switch
            {
                { IsLarge: true, Lines.Count: > 10 } => "gold",
                { Total: > 500m } => "silver",
                { Customer.Length: 0 } => throw new ArgumentException("A customer is needed.", nameof(order)),
                _ => "bronze",
            };

            public static bool TryParse(string text, out OrderLine#? line)
            {
                var parts = text.Split(';', StringSplitOptions.TrimEntries);
                line = parts.Length == 3 && int.TryParse(parts[1], out var quantity) && decimal.TryParse(parts[2], NumberStyles.Number, CultureInfo.InvariantCulture, out var price)
                    ? new OrderLine#(parts[0], quantity, price)
                    : null;
                return line is not null;
            }

            public static double Score(IReadOnlyList<Order#> orders)
            {
                var score = 0.0;
                for (var i = 0; i < orders.Count; i++)
                {
                    score += orders[i].IsLarge ? 2 : (double)orders[i].Total / 1_000;
                    if (score > 100)
                    {
                        break;
                    }
                }

                return Math.Round(score, 2);
            }
        }

        """;

    private const string Chat = """
        public sealed class Assistant#
        {
            private readonly Microsoft.Extensions.AI.IChatClient _client;
            private readonly Microsoft.Extensions.AI.IChatClient _own;

            public Assistant#(Microsoft.Extensions.AI.IChatClient client, Func<Microsoft.Extensions.AI.IChatClient> factory)
            {
                _client = Microsoft.Extensions.AI.ChatClientBuilderChatClientExtensions.AsBuilder(client).Build();
                _own = factory();
            }

            public async Task<string> AnswerAsync(Order# order, CancellationToken cancellationToken)
            {
                var messages = new List<Microsoft.Extensions.AI.ChatMessage> { new(Microsoft.Extensions.AI.ChatRole.User, OrderRules#.Grade(order)) };
                var answer = await _client.GetResponseAsync(messages, null, cancellationToken).ConfigureAwait(false);
                if (answer.Text.Length == 0)
                {
                    answer = await _own.GetResponseAsync(messages, null, cancellationToken).ConfigureAwait(false);
                }

                return answer.Text;
            }
        }

        """;

    private const string Retry = """
        public sealed class RetryBuilder#
        {
            private TimeSpan? _delay;

            public RetryBuilder# After(TimeSpan? delay)
            {
                _delay = delay;
                return this;
            }

            public RetryBuilder# Build() => _delay.HasValue && _delay.Value < TimeSpan.FromMinutes(1) ? this : throw new InvalidOperationException("The delay is too long.");

            public static RetryBuilder# Create(int seconds) => new RetryBuilder#().After(TimeSpan.FromSeconds(seconds)).Build();
        }

        """;

    /// <summary>The text of a file.</summary>
    public static string File(int number) =>
        (Header + Entity + Service + (number % 4 == 1 ? Retry : "") + (number % 16 == 0 ? Chat : "")).Replace("#", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
