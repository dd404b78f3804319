"""Seven ways in which a load test ends green on a wrong run. Here each gives the true number or says why not.

==  ======================  =============================================  ==================
1   frozen server           what arrives while nothing answers is counted  test_frozen_server
2   closed-model pause      slow answers do not make fewer arrivals        test_open_model
3   busy client             the generator's own delay is not the answer's  test_generator
4   killed worker           what a lost worker took along is known         test_generator
5   rounded percentiles     an objective is judged by unrounded samples    test_figures
6   connection-pool queue   no request waits for a connection of another   test_open_model
7   too many names          no step is dropped or merged with others       test_figures
==  ======================  =============================================  ==================
"""
