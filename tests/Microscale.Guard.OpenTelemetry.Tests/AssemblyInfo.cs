using Xunit.Sdk;
using Xunit.v3;

// Activities and instruments are global to the process: a test must see only its own.
[assembly: Parallelization(Mode = ParallelMode.None)]
