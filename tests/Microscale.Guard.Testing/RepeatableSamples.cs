using CsCheck;

namespace Microscale.Guard;

/// <summary>
/// CsCheck's <c>Sample</c> with the same samples in every run, so that a build never fails by the luck of the draw.
/// With CsCheck_Iter or CsCheck_Time in the environment, CsCheck draws new ones and shrinks what fails: that is how new faults are searched for.
/// In this namespace it is found before CsCheck's own method.
/// </summary>
public static class RepeatableSamples
{
    private const int Usual = 100;

    private static readonly bool s_search =
        Environment.GetEnvironmentVariable("CsCheck_Iter") is not null || Environment.GetEnvironmentVariable("CsCheck_Time") is not null;

    public static void Sample<T>(this Gen<T> gen, Action<T> assert, int iter = Usual)
    {
        ArgumentNullException.ThrowIfNull(gen);
        ArgumentNullException.ThrowIfNull(assert);
        if (s_search)
        {
            Check.Sample(gen, assert);
            return;
        }

        var random = new PCG(1, 20_240_229);
        var seeds = new string[iter];
        var values = new T[iter];
        for (int i = 0; i < iter; i++)
        {
            seeds[i] = random.ToString();
            values[i] = gen.Generate(random, null, out _);
        }

        Parallel.For(0, iter, i =>
        {
            try
            {
                assert(values[i]);
            }
            catch (Exception e)
            {
                throw new CsCheckException($"Sample {i} (seed \"{seeds[i]}\"; set CsCheck_Seed and CsCheck_Iter to shrink it): {Check.Print(values[i])}", e);
            }
        });
    }

    public static void Sample<T>(this Gen<T> gen, Func<T, bool> holds, int iter = Usual) =>
        gen.Sample(value => Require(holds(value)), iter);

    public static void Sample<T1, T2>(this Gen<(T1, T2)> gen, Action<T1, T2> assert, int iter = Usual) =>
        gen.Sample(value => assert(value.Item1, value.Item2), iter);

    public static void Sample<T1, T2>(this Gen<(T1, T2)> gen, Func<T1, T2, bool> holds, int iter = Usual) =>
        gen.Sample(value => Require(holds(value.Item1, value.Item2)), iter);

    public static void Sample<T1, T2, T3>(this Gen<(T1, T2, T3)> gen, Action<T1, T2, T3> assert, int iter = Usual) =>
        gen.Sample(value => assert(value.Item1, value.Item2, value.Item3), iter);

    public static void Sample<T1, T2, T3, T4>(this Gen<(T1, T2, T3, T4)> gen, Action<T1, T2, T3, T4> assert, int iter = Usual) =>
        gen.Sample(value => assert(value.Item1, value.Item2, value.Item3, value.Item4), iter);

    public static void Sample<T1, T2, T3, T4, T5>(this Gen<(T1, T2, T3, T4, T5)> gen, Action<T1, T2, T3, T4, T5> assert, int iter = Usual) =>
        gen.Sample(value => assert(value.Item1, value.Item2, value.Item3, value.Item4, value.Item5), iter);

    public static void Sample<T1, T2, T3, T4, T5, T6>(this Gen<(T1, T2, T3, T4, T5, T6)> gen, Action<T1, T2, T3, T4, T5, T6> assert, int iter = Usual) =>
        gen.Sample(value => assert(value.Item1, value.Item2, value.Item3, value.Item4, value.Item5, value.Item6), iter);

    private static void Require(bool holds)
    {
        if (!holds) throw new CsCheckException("The property does not hold.");
    }
}
